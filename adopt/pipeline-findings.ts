import { z } from "zod";
import { readGitLabYaml } from "../validation/gitlab-yaml.ts";

/** Something in a hand-written pipeline that will hurt, and why. */
export interface Finding {
  readonly what: string;
  readonly why: string;
}

const texts = z.union([z.string(), z.array(z.unknown())]).optional();
const cache = z.object({ paths: z.array(z.unknown()).optional(), policy: z.string().optional() });
const job = z.object({
  image: z.union([z.string(), z.object({ name: z.string() })]).optional(),
  stage: z.string().optional(),
  tags: z.array(z.string()).optional(),
  script: texts,
  before_script: texts,
  after_script: texts,
  cache: z.union([cache, z.array(cache)]).optional(),
});
type Job = z.output<typeof job>;

/** A pipeline as far as it can be read. */
export interface ReadPipeline {
  /** With the cache that they inherit. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** Every line that a shell runs. */
  readonly lines: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Why it cannot be read here, in the parser's words. */
  readonly unread: string | undefined;
  /** The line with a link of Markdown where a key was meant. */
  readonly link: { readonly line: number; readonly text: string; readonly key: string } | undefined;
}

const keywords = [
  "variables",
  "workflow",
  "include",
  "cache",
  "pages",
  "default",
  "spec",
  "stages",
];
/** `[stages](stages):`, which an editor made of `stages:`. */
const markdownLink = /^\[([\w-]+)\]\([^)]*\):.*$/m;

export function readPipeline(text: string): ReadPipeline {
  const [link, key = ""] = markdownLink.exec(text) ?? [];
  const repaired = text.replace(markdownLink, (whole) => whole.replace(/^\[[^)]*\)/, key));
  const { values: documents, unread } = readGitLabYaml(repaired);
  // A header may go before the jobs.
  const values = documents.at(-1);
  const entries = Object.entries(
    z
      .record(z.string(), z.unknown())
      .catch({})
      .parse(values ?? {}),
  );
  const jobs = entries.flatMap(([name, value]) => {
    const read = job.safeParse(value);
    const isJob = read.success && !keywords.includes(name) && typeof value === "object";
    return isJob ? [[name, read.data] as const] : [];
  });
  const { variables, default: defaults } = Object.fromEntries(entries);
  const shared = [defaults, values].flatMap((each) => job.safeParse(each).data ?? []);
  const all = [...shared, ...jobs.map(([, each]) => each)];
  const inherited = shared.find((each) => each.cache)?.cache;
  return {
    jobs: Object.fromEntries(jobs.map(([name, each]) => [name, { cache: inherited, ...each }])),
    lines: all.flatMap(toLines),
    variables: z.record(z.string(), z.unknown()).catch({}).parse(variables),
    unread,
    link: link === undefined ? undefined : { line: lineOf(text, link), text: link, key },
  };
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

function toLines({ script, before_script: before, after_script: after }: Job): string[] {
  return [before, script, after]
    .flat(9)
    .flatMap((line) => (typeof line === "string" ? line.split("\n") : []));
}

/** What to know of a pipeline before it is kept, or taken over. `strategy` is the project's own. */
export function findFaults(pipeline: ReadPipeline, strategy: string | undefined): Finding[] {
  return [
    ...findLink(pipeline),
    ...findUnread(pipeline),
    ...findCache(pipeline),
    ...findUploads(pipeline),
    ...findStrategy(pipeline, strategy),
    ...findImages(pipeline),
  ];
}

function findUnread({ unread }: ReadPipeline): Finding[] {
  if (unread === undefined) return [];
  return [
    {
      what: `it cannot be read here: ${unread}`,
      why: "nothing else was looked for, and GitLab runs nothing of it if it cannot read it either",
    },
  ];
}

function findLink({ link }: ReadPipeline): Finding[] {
  if (!link) return [];
  return [
    {
      what: `line ${link.line}: ${link.text} is a link of Markdown where ${link.key}: was meant`,
      why: "GitLab refuses the whole file, so no pipeline runs",
    },
  ];
}

function findCache({ jobs }: ReadPipeline): Finding[] {
  const cached = Object.entries(jobs).map(([name, each]) => ({ name, ...toCached(each) }));
  const isShared = (path: string) =>
    cached.filter(({ paths, lines }) => paths.includes(path) && mentions(lines, path)).length > 1;
  const carrying = cached.filter(
    ({ paths, pulls, lines }) =>
      pulls ||
      paths.some((path) => /\.deb|^build\b/.test(path)) ||
      paths.some((path) => isShared(path) && mentions(lines, path)),
  );
  if (carrying.length === 0) return [];
  return [
    {
      what: `${carrying.map(({ name }) => name).join(", ")}: files go from job to job through cache`,
      why: "a cache may be missing or another's; artifacts with needs always arrive",
    },
  ];
}

function toCached(each: Job) {
  const caches = [each.cache].flat().filter((found) => found !== undefined);
  const paths = caches.flatMap((found) => (found.paths ?? []).map(String));
  return { paths, pulls: caches.some(({ policy }) => policy === "pull"), lines: toLines(each) };
}

/** Whether a script names the folder or files. */
function mentions(lines: readonly string[], path: string): boolean {
  const start = path.replace(/^\.\//, "").replace(/[/*].*$/, "");
  return start !== "" && lines.some((line) => line.split(/[^\w.-]+/).includes(start));
}

function findUploads({ lines }: ReadPipeline): Finding[] {
  const bare = lines.filter(
    (line) =>
      /\bcurl\b/.test(line) &&
      /\/api\/(files|repos|publish)\b/.test(line) &&
      !/\s(--fail(-with-body)?\b|-[a-zA-Z]*f)/.test(line),
  );
  if (bare.length === 0) return [];
  return [
    {
      what: `${bare.length === 1 ? "an upload" : `${bare.length} uploads`} by curl without --fail`,
      why: "curl succeeds whatever aptly answers, so a lost package leaves the job green",
    },
  ];
}

function findStrategy({ jobs, variables }: ReadPipeline, strategy: string | undefined): Finding[] {
  const stages = Object.values(jobs).map(({ stage = "test" }) => stage);
  const isParallel = stages.some((stage, index) => stages.indexOf(stage) !== index);
  if (!isParallel || strategy === "clone" || variables.GIT_STRATEGY === "clone") return [];
  return [
    {
      what: "jobs run beside one another with the Git strategy fetch",
      why: "on one runner they may share a work tree and break it; clone gives each its own",
    },
  ];
}

function findImages({ jobs }: ReadPipeline): Finding[] {
  const names = Object.values(jobs).flatMap(({ image }) =>
    image === undefined ? [] : [typeof image === "string" ? image : image.name],
  );
  const loose = [...new Set(names)].filter((name) => !/@sha256:|\$/.test(name));
  if (loose.length === 0) return [];
  return [
    {
      what: `${loose.join(", ")}: images without a digest`,
      why: "what a tag names may change from one job to the next",
    },
  ];
}
