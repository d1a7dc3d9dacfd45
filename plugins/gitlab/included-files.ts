import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseAllDocuments,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/** A file that a CI configuration includes. https://docs.gitlab.com/ci/yaml/#include */
export interface IncludedFile {
  /** Full path; undefined for a file of the same repository. */
  readonly project?: string;
  readonly file: string;
  /** Default: the project's default branch, or the commit that is built. */
  readonly ref?: string;
}

/** A file that other projects' configurations include, as it will be when this run has committed it. */
export interface ExpectedFile {
  /** Full path. */
  readonly project: string;
  readonly file: string;
  /** The branch and tag that will have it. */
  readonly refs: readonly string[];
  readonly content: string;
  /** Why it must not be committed, a sentence each. */
  readonly refusals: readonly string[];
}

export function isExpected(included: IncludedFile, expected: ExpectedFile): boolean {
  const { project, file, ref = expected.refs[0] } = included;
  return (
    project === expected.project && file === expected.file && expected.refs.includes(ref ?? "")
  );
}

/** The files that a configuration names, a pattern as it is, but for what lies on other servers. */
export function readIncludes(content: string): IncludedFile[] {
  return parseAll(content).flatMap((document) => {
    const node = document.get("include", true);
    const list: unknown = isNode(node) ? node.toJS(document) : undefined;
    return [list].flat().flatMap((item) => toFiles(item));
  });
}

/** The names of a configuration's jobs and global keywords. */
export function readNames(content: string): string[] {
  return parseAll(content).flatMap(({ contents }) =>
    isMap(contents) ? contents.items.map(({ key }) => keyText(key)) : [],
  );
}

/** The hidden jobs that a configuration's jobs extend. */
export function readExtended(content: string): string[] {
  const jobs: unknown = parse(content).toJS();
  const all = typeof jobs === "object" && jobs !== null ? Object.values(jobs) : [];
  return all
    .flatMap((job) => [(job as { extends?: unknown } | null)?.extends].flat())
    .filter((name) => typeof name === "string");
}

/** The configuration with expected files in it instead of included, as GitLab would merge them. */
export function inlineExpected(content: string, expected: readonly ExpectedFile[]): string {
  if (expected.length === 0) return content;
  const document = parse(content);
  const include = document.get("include", true);
  if (!isMap(document.contents) || !isSeq(include)) return content;
  const found = include.items.flatMap((item) => {
    const value: unknown = isMap(item) ? item.toJS(document) : undefined;
    const file = expected.find((each) => toFiles(value).some((one) => isExpected(one, each)));
    return file ? [{ item, file }] : [];
  });
  if (found.length === 0) return content;
  keepIncludes(document, include, (item) => found.every((each) => each.item !== item));
  const own = document.contents as YAMLMap;
  own.items.unshift(...found.flatMap(({ file }) => itemsOf(file.content)));
  return document.toString({ lineWidth: 0 });
}

/** The configuration without the files of its own repository, for a lint in another one. */
export function withoutLocalIncludes(content: string): string {
  const document = parse(content);
  const include = document.get("include", true);
  if (!isSeq(include)) return content;
  keepIncludes(document, include, (item) => isMap(item) && !item.has("local"));
  return document.toString({ lineWidth: 0 });
}

function keepIncludes(document: Document, include: YAMLSeq, isKept: (item: unknown) => boolean) {
  include.items = include.items.filter(isKept);
  if (include.items.length === 0) document.delete("include");
}

function itemsOf(content: string) {
  const { contents } = parse(content);
  return isMap(contents) ? (contents as YAMLMap).items : [];
}

/** GitLab's own tags, such as `!reference`, stay as they are. */
function parse(content: string) {
  return parseDocument(content, { logLevel: "silent", merge: true });
}

/** A header may go before the jobs: https://docs.gitlab.com/ci/yaml/#header-keywords */
function parseAll(content: string) {
  return [...parseAllDocuments(content, { logLevel: "silent", merge: true })];
}

function toFiles(item: unknown): IncludedFile[] {
  if (typeof item === "string") return toLocal(item);
  if (typeof item !== "object" || item === null) return [];
  const { local, project, file, ref } = item as Readonly<Record<string, unknown>>;
  if (typeof local === "string") return toLocal(local);
  if (typeof project !== "string") return [];
  return [file]
    .flat()
    .filter((each) => typeof each === "string")
    .map((each) => ({
      project,
      file: each.replace(/^\//, ""),
      ...(typeof ref === "string" && { ref }),
    }));
}

function toLocal(written: string): IncludedFile[] {
  const file = written.replace(/^\//, "");
  return file.includes("://") ? [] : [{ file }];
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}
