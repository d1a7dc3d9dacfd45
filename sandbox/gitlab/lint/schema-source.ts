import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";

const opening =
  '{$schema:"http://json-schema.org/draft-07/schema#",$id:"https://gitlab.com/.gitlab-ci.yml"';

/**
 * Reads GitLab's CI schema out of the gitlab-ci-local package, which ships it inside its bundle.
 *
 * The schema is GitLab's file app/assets/javascripts/editor/schema/ci.json; it is loaded from the
 * package so that one version pin decides which keywords are known.
 *
 * @throws Error when the package no longer carries the schema in this form.
 */
export function readCiSchema(): CiSchema {
  const path = createRequire(import.meta.url).resolve("gitlab-ci-local");
  const bundle = readFileSync(path, "utf8");
  const start = bundle.indexOf(opening);
  if (start === -1) throw new Error("gitlab-ci-local no longer carries GitLab's CI schema");
  return runInNewContext(`(${objectAt(bundle, start)})`);
}

/** The parts of the schema that are looked at by name. */
export interface CiSchema {
  [keyword: string]: unknown;
  properties: Record<string, unknown>;
  definitions: Record<"job_template" | "artifacts", { properties: Record<string, unknown> }> &
    Record<"script" | "optional_script", unknown>;
}

/** The source text of the object literal that starts at `start`. */
function objectAt(source: string, start: number): string {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const char = source[at];
    if (char === '"' || char === "'" || char === "`") at = stringEnd(source, at);
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return source.slice(start, at + 1);
  }
  throw new Error("gitlab-ci-local's CI schema has no end");
}

function stringEnd(source: string, start: number): number {
  let at = start + 1;
  while (source[at] !== source[start]) at += source[at] === "\\" ? 2 : 1;
  return at;
}
