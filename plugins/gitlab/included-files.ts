import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { readGitLabYaml } from "../../validation/gitlab-yaml.ts";

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
  return readAll(content).maps.flatMap(({ include }) =>
    [include].flat().flatMap((item) => toFiles(item)),
  );
}

/** The names of a configuration's jobs and global keywords, those of merge keys and aliases among them. */
export function readNames(content: string): string[] {
  return readAll(content).maps.flatMap((map) => Object.keys(map));
}

/** Why GitLab cannot take a configuration for one; `undefined` where it can. */
export function findFault(content: string): string | undefined {
  return readAll(content).fault;
}

/** Why a configuration cannot be read here; whether GitLab can is GitLab's to say. */
export function findUnread(content: string): string | undefined {
  return readAll(content).unread;
}

/** What a configuration includes that is not read here, as it names it: of other servers, or by variables. */
export function readForeignIncludes(content: string): string[] {
  return readAll(content).maps.flatMap(({ include }) =>
    [include].flat().flatMap((item) => toForeign(item)),
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
  const isRead = document.errors.length === 0 && isMap(document.contents);
  if (!isRead || !isSeq(include)) return content;
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

interface Configuration {
  /** A header may go before the jobs: https://docs.gitlab.com/ci/yaml/#header-keywords */
  readonly maps: readonly Readonly<Record<string, unknown>>[];
  readonly fault?: string;
  readonly unread?: string;
}

/** Nothing of what cannot be read. */
function readAll(content: string): Configuration {
  const { values, unread } = readGitLabYaml(content);
  if (unread !== undefined) return { maps: [], unread };
  const given = values.filter((value) => value !== null && value !== undefined);
  if (given.length === 0) return { maps: [], fault: "it is empty" };
  if (given.every(isRecord)) return { maps: given };
  return { maps: [], fault: "it is no map of jobs" };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toFiles(item: unknown): IncludedFile[] {
  if (typeof item === "string") return toFiles({ local: item });
  if (!isRecord(item) || toForeign(item).length > 0) return [];
  const { local, project, file, ref } = item;
  if (typeof local === "string") return [{ file: local.replace(/^\//, "") }];
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

/** `component $CI_SERVER_FQDN/group/part@1`; nothing for a file of this GitLab's. */
function toForeign(item: unknown): string[] {
  if (typeof item === "string") return toForeign({ local: item });
  if (!isRecord(item)) return [];
  const { local, project, file, ref } = item;
  if (typeof local === "string" && local.includes("://")) return [local];
  const elsewhere = ["remote", "template", "component"].filter((key) => item[key] !== undefined);
  if (elsewhere.length > 0)
    return elsewhere.map((key) => `${key} ${[item[key]].flat().join(", ")}`);
  const named = [local, project, file, ref].flat().filter((each) => typeof each === "string");
  return named.some((each) => each.includes("$")) ? [named.join(" ")] : [];
}
