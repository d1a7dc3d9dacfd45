import { Document, Pair, Scalar, visit, YAMLMap, YAMLSeq } from "yaml";
import { toSnakeCase } from "../validation/snake-case.ts";
import { layOut } from "./layout.ts";
import { type Include, type Job, type Need, type Pipeline, Reference } from "./model.ts";
import { templateFile } from "./names.ts";
import { nameOfScript } from "./shell.ts";
import { escapeUnprintable, isMisread } from "./yaml-1.1.ts";

/** Maps whose keys the user owns: they keep their spelling. */
const userKeyed = new Set(["variables"]);

/** Nothing is folded: a text between quotes stands in one line. */
const form = {
  lineWidth: 0,
  flowCollectionPadding: false,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
};

/**
 * The text of `.gitlab-ci.yml`. The same pipeline gives the same text: keys come in the model's
 * order, nothing depends on time or place. A reader of YAML 1.1, such as GitLab's, gets the texts that
 * were meant.
 */
export function renderPipeline(pipeline: Pipeline): string {
  const { header, include = [], workflow, stages, variables, jobs, hidden, template } = pipeline;
  const shell: Include[] = template ? [{ ...template, file: templateFile }] : [];
  const included = [...include, ...shell].map(order);
  const globals = {
    include: included.length > 0 ? included : undefined,
    workflow,
    stages,
    variables,
  };
  return renderFile(header, toFile(globals, template ? jobs : [...hidden, ...jobs]));
}

/** The text of a file that has hidden jobs alone, for others to include. */
export function renderHiddenJobs(header: readonly string[], hidden: readonly Job[]): string {
  const file = toFile({}, hidden);
  file.add(shownByLine());
  return renderFile(header, file);
}

/**
 * A preview shows the changed lines of a text only where Pulumi cannot read it as data whose keys are
 * texts; else it shows every key of every job:
 * https://github.com/pulumi/pulumi/blob/master/pkg/backend/display/object_diff.go
 */
function shownByLine(): Pair {
  const key = new Scalar(".shown_by_line");
  key.commentBefore = " For previews, which would show every key of this file if all were texts.";
  const value = new YAMLMap();
  value.add(new Pair(new Scalar(true), new Scalar(true)));
  return new Pair(key, value);
}

/** A pipeline that runs the same commands and carries their shell itself. */
export function toInline(pipeline: Pipeline): Pipeline {
  return { ...pipeline, template: undefined };
}

function toFile(globals: object, jobs: readonly Job[]): YAMLMap {
  const file = toFileMap(globals);
  for (const { name, ...job } of jobs) {
    const keys = { ...job, ...(job.needs && { needs: job.needs.map(toNeed) }) };
    file.add(new Pair(toScalar(name), toFileMap(keys)));
  }
  return file;
}

function renderFile(header: readonly string[], file: YAMLMap): string {
  layOut(file);
  const document = new Document(file);
  sayOnce(document);
  document.commentBefore = header.map((line) => ` ${line}`).join("\n");
  return escapeUnprintable(document.toString(form));
}

/** A script that several jobs carry stands in the first of them; the others refer to it. */
function sayOnce(document: Document): void {
  const scripts = new Map<string, Scalar>();
  visit(document, {
    Scalar(_, node) {
      const name = typeof node.value === "string" ? nameOfScript(node.value) : undefined;
      if (name === undefined) return;
      const first = scripts.get(name);
      if (first) return document.createAlias(first, name);
      scripts.set(name, node);
    },
  });
}

/** Project, file and ref, as people write them; `local` with its rules. */
function order(include: Include): Include {
  if ("local" in include) return include;
  const { project, file, ref } = include;
  return { project, file, ref };
}

/** The short form of a need whose artifacts are taken, too. */
function toNeed({ job, artifacts }: Need): string | Need {
  return artifacts ? job : { job, artifacts };
}

/** Keys without a value are left out. */
function toFileMap(value: object, toKey = toSnakeCase): YAMLMap {
  const map = new YAMLMap();
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    map.add(new Pair(toScalar(toKey(key)), userKeyed.has(key) ? toUserMap(inner) : toNode(inner)));
  }
  return map;
}

function toUserMap(value: object): YAMLMap {
  return toFileMap(value, (key) => key);
}

function toNode(value: unknown): Scalar | YAMLSeq | YAMLMap {
  if (value instanceof Reference) return toTagged(value);
  if (Array.isArray(value)) return toList(value);
  return typeof value === "object" && value !== null ? toFileMap(value) : toScalar(value);
}

function toList(values: readonly unknown[]): YAMLSeq {
  const list = new YAMLSeq();
  for (const value of values) list.add(toNode(value));
  return list;
}

function toTagged({ path }: Reference): YAMLSeq {
  const list = toList(path);
  list.tag = "!reference";
  return list;
}

function toScalar(value: unknown): Scalar {
  const scalar = new Scalar(value);
  if (typeof value === "string" && isMisread(value)) scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}
