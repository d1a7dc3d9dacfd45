import { type Document, parseAllDocuments } from "yaml";

/** A file's documents as GitLab reads them: by Ruby's Psych, which keeps to YAML 1.1 and forgives more. */
export interface GitLabYaml {
  /** None where the file cannot be read. */
  readonly values: readonly unknown[];
  /** Why it cannot be read here, in one line; GitLab may read it all the same. */
  readonly unread?: string;
}

type Entries = ReadonlyMap<unknown, unknown>;

const options = { logLevel: "silent", version: "1.1", uniqueKeys: false, strict: false } as const;

/** How many lines within brackets are forgiven their indentation. */
const forgiven = 1000;

/** The names of a document's own level are as GitLab has them; what is below them stays as it was read. */
export function readGitLabYaml(content: string): GitLabYaml {
  const documents = parseForgiving(content);
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error) return { values: [], unread: toReason(error) };
  try {
    const values = documents.map((document): unknown => document.toJS({ maxAliasCount: -1 }));
    return { values: values.map((value) => toNamed(value)) };
  } catch (error) {
    if (error instanceof Error) return { values: [], unread: toReason(error) };
    throw error;
  }
}

/** Psych takes no heed of indentation within brackets: a line that is refused for it gets more. */
function parseForgiving(content: string): Document.Parsed[] {
  let text = content;
  for (let tries = 0; ; tries += 1) {
    const documents = [...parseAllDocuments(text, options)];
    const [error] = documents.flatMap(({ errors }) => errors);
    const isIndent = error?.code === "BAD_INDENT" && error.message.startsWith("Flow ");
    if (!isIndent || tries === forgiven) return documents;
    const start = text.lastIndexOf("\n", error.pos[0] - 1) + 1;
    const indented = `${text.slice(0, start)}${deep}${text.slice(start).replace(/^[ \t]*/, "")}`;
    if (indented === text) return documents;
    text = indented;
  }
}

/** Deeper than what a person indents by. */
const deep = " ".repeat(200);

/** The first line: those after it show a part of the file. */
function toReason({ message }: Error): string {
  return (message.split("\n")[0] ?? "").replace(/[.:]+$/, "");
}

function toNamed(value: unknown): unknown {
  const entries = toEntries(value);
  return entries ? Object.fromEntries(merge(entries, new Set([value]))) : value;
}

/** For Psych a quoted `<<` is a merge key, too. */
function merge(entries: Entries, seen: Set<unknown>): [string, unknown][] {
  return [...entries].flatMap(([key, value]) => {
    const below = key === "<<" ? [value].flat().map(toEntries) : [undefined];
    if (!below.every((each) => each !== undefined)) return [[toName(key), value]];
    return below.flatMap((each, index) => {
      const merged = [value].flat()[index];
      if (seen.has(merged)) return [];
      seen.add(merged);
      return merge(each, seen);
    });
  });
}

/** Psych makes a symbol of `:default` and of `:"default"`, as GitLab does of every name. */
function toName(key: unknown): string {
  return String(key).replace(/^:(["']?)(.+)\1$/, "$2");
}

/** Of a map; `!!omap` and `!!set` are some as well. */
function toEntries(value: unknown): Entries | undefined {
  if (value instanceof Map) return value;
  if (value instanceof Set) return new Map([...value].map((key) => [key, null]));
  const isPlain = value instanceof Object && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? new Map(Object.entries(value)) : undefined;
}
