import { type AdoptedSecret, below, type Entry, withoutUnset } from "./adopted.ts";
import { type AptPlace, toApt } from "./apt.ts";
import type { AptlyWorld } from "./aptly-world.ts";
import type { GitLabWorld, ProjectWorld } from "./gitlab-world.ts";
import { toPackage, toPackageName, whyNotAdoptable } from "./packages.ts";
import { type Finding, findFaults, type ReadPipeline, readPipeline } from "./pipeline-findings.ts";
import { toRunners } from "./runners.ts";
import { toPackagePipeline, uploadsTo } from "./take-over.ts";
import { toVariables } from "./variables.ts";

export interface AdoptionRequest {
  readonly gitlab: GitLabWorld;
  readonly aptly: AptlyWorld;
  /** What the stack's configuration has already, by full key. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** Full paths or last parts of projects to leave alone. */
  readonly skipped: readonly string[];
  /** Replace hand-written pipelines by the stack's. */
  readonly takeOver: boolean;
  readonly today: Date;
}

/** What is written into a stack's configuration, and what is told about it. */
export interface Adoption {
  /** Values by full key, and below a key by name; what is there already is not touched. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly entries: Readonly<Record<string, Entry>>;
  readonly secrets: readonly AdoptedSecret[];
  readonly remarks: readonly string[];
  /** Of hand-written pipelines, by full path of the project. */
  readonly findings: Readonly<Record<string, readonly Finding[]>>;
  /** Full paths of projects whose pipeline the stack writes. */
  readonly takenOver: readonly string[];
}

/** The stack's packages by the places of their projects. */
type Known = ReadonlyMap<string, string>;

export function planAdoption(request: AdoptionRequest): Adoption {
  const { aptly, configured, today } = request;
  const gitlab = inOrder(request.gitlab);
  const [main] = gitlab.groups;
  if (!main) throw new Error("a group was read without itself");
  const mainGroup = toMainGroup(configured) ?? main.row.full_path;
  const given = toObject(configured["trunkline:apt"]) as Partial<AptPlace>;
  const apt = toApt(aptly, given, today);
  const known = toKnown(configured, mainGroup);
  const packages = planPackages(
    { ...request, gitlab },
    known,
    apt.place,
    Object.keys(apt.distributions),
  );
  const named = new Map(
    gitlab.projects.flatMap(({ row }): [number, string][] => {
      const place = row.path_with_namespace.toLowerCase();
      const name = packages.names.get(row.id) ?? known.get(place);
      return name === undefined ? [] : [[row.id, name]];
    }),
  );
  const runners = toRunners(gitlab, named, mainGroup);
  const variables = planGroupVariables(gitlab, mainGroup);
  return {
    values: withoutUnset({
      "trunkline:group": withoutUnset({
        path: mainGroup,
        description: main.row.description || undefined,
        visibility: main.row.visibility,
      }),
    }),
    entries: {
      "trunkline:apt": { ...apt.place },
      "trunkline:ci": planTemplatePath(gitlab.projects, packages.entries),
      "trunkline:groups": Object.fromEntries(
        gitlab.groups
          .filter(({ row }) => row.full_path !== mainGroup)
          .map(({ row }) => [row.full_path, { visibility: row.visibility }]),
      ),
      "trunkline:distributions": apt.distributions,
      "trunkline:runners": runners.entries,
      "trunkline:variables": variables.entry,
      "trunkline:packages": packages.entries,
    },
    secrets: [...below(variables, "trunkline:variables"), ...packages.secrets],
    remarks: [...apt.remarks, ...runners.remarks, ...variables.remarks, ...packages.remarks],
    findings: packages.findings,
    takenOver: packages.takenOver,
  };
}

function planPackages(
  { gitlab, skipped, takeOver, configured }: AdoptionRequest,
  known: Known,
  place: AptPlace | undefined,
  distributions: readonly string[],
) {
  const mainGroup = toMainGroup(configured) ?? gitlab.groups[0]?.row.full_path ?? "";
  const entries: Record<string, Entry> = {};
  const names = new Map<number, string>();
  const secrets: AdoptedSecret[] = [];
  const remarks: string[] = [];
  const findings: Record<string, Finding[]> = {};
  const takenOver: string[] = [];
  const chosen = gitlab.projects.filter((project) => {
    const fullPath = project.row.path_with_namespace;
    if (known.has(fullPath.toLowerCase()) || isTemplate(project)) return false;
    const isSkipped = skipped.includes(fullPath) || skipped.includes(project.row.path);
    const reason = isSkipped ? "is left alone, as asked" : whyNotAdoptable(project);
    if (reason) remarks.push(`${fullPath} ${reason}.`);
    return !reason;
  });
  const taken = [...known.values()];
  for (const { row } of chosen) {
    const name = toPackageName(row, (each) => taken.includes(each));
    taken.push(name);
    names.set(row.id, name);
  }
  for (const project of chosen) {
    const { row, files, pipeline: text } = project;
    const name = names.get(row.id) ?? row.path;
    const fullPath = row.path_with_namespace;
    const adopted = toPackage(project, { name, mainGroup });
    const pipeline = text === undefined ? undefined : readPipeline(text);
    if (pipeline) findings[fullPath] = findFaults(pipeline, row.build_git_strategy);
    const packages = taken.filter((each) => each !== name);
    const context = { place, distributions, files, packages };
    const own = takeOver && pipeline && toPackagePipeline(pipeline, context);
    if (takeOver && pipeline && !own) remarks.push(cannotTakeOver(fullPath));
    if (own) takenOver.push(fullPath);
    entries[name] = own
      ? { ...withoutPipeline(adopted.entry), ...own }
      : kept(adopted.entry, pipeline, context);
    secrets.push(...below(adopted, "trunkline:packages", name));
    remarks.push(...adopted.remarks);
  }
  return { entries, names, secrets, remarks, findings, takenOver };
}

function cannotTakeOver(fullPath: string): string {
  return `${fullPath}: the pipeline does not say what it builds for, so it is kept. Give its distributions and remove pipeline: own.`;
}

function withoutPipeline({ pipeline: _, ...entry }: Entry): Entry {
  return entry;
}

/** What is written stays in one order, however GitLab lists it: the group's own projects first. */
function inOrder(world: GitLabWorld): GitLabWorld {
  const depth = ({ row }: ProjectWorld) => row.path_with_namespace.split("/").length;
  const projects = world.projects.toSorted(
    (a, b) =>
      depth(a) - depth(b) || a.row.path_with_namespace.localeCompare(b.row.path_with_namespace),
  );
  return { ...world, projects };
}

/** With the distributions that its own pipeline uploads to, which other packages may use it on. */
function kept(
  { pipeline: own, ...entry }: Entry,
  pipeline: ReadPipeline | undefined,
  context: Parameters<typeof uploadsTo>[1],
): Entry {
  const distributions = pipeline ? uploadsTo(pipeline, context) : [];
  return { pipeline: own, ...(distributions.length > 0 && { distributions }), ...entry };
}

/** The shell that the stack's own pipelines include. */
function isTemplate({ files }: ProjectWorld): boolean {
  return files.includes("package-v1.yml");
}

/** The template project's path where a project of the team's has the usual one. */
function planTemplatePath(
  projects: readonly ProjectWorld[],
  packages: Readonly<Record<string, Entry>>,
) {
  const isTaken = projects.some((each) => each.row.path === "ci" && !isTemplate(each));
  return isTaken && "ci" in packages ? { project: "trunkline-ci" } : {};
}

/** The stack's variables are those of all its groups. */
function planGroupVariables({ groups }: GitLabWorld, mainGroup: string) {
  const none = { entry: {}, secrets: [] };
  const unread = groups
    .filter(({ variables }) => variables === undefined)
    .map(
      ({ row }) =>
        `${row.full_path}: the token's user may not read its variables; they are left alone.`,
    );
  const having = groups.filter(({ variables }) => (variables ?? []).length > 0);
  const [first] = having;
  if (!first) return { ...none, remarks: unread };
  if (groups.length === 1 && first.row.full_path === mainGroup) {
    const adopted = toVariables(first.variables ?? [], first.row.full_path);
    return { ...adopted, remarks: [...unread, ...adopted.remarks] };
  }
  const remarks = having.map(({ row, variables }) => {
    const keys = (variables ?? []).map(({ key }) => key).join(", ");
    return `${row.full_path}: variables ${keys} cannot be expressed, since a stack's variables are those of all its groups; they are left alone.`;
  });
  return { ...none, remarks: [...unread, ...remarks] };
}

/** The stack's own group, where the configuration has one: another becomes one of its further groups. */
function toMainGroup(configured: Readonly<Record<string, unknown>>): string | undefined {
  const { "trunkline:group": written } = configured;
  const path = typeof written === "object" ? toObject(written).path : written;
  return typeof path === "string" ? path : undefined;
}

function toKnown(configured: Readonly<Record<string, unknown>>, mainGroup: string): Known {
  const packages = Object.entries(toObject(configured["trunkline:packages"]));
  return new Map(
    packages.map(([name, written]) => {
      const { group = mainGroup, project = name } = toObject(written);
      return [`${group}/${project}`.toLowerCase(), name];
    }),
  );
}

export function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
