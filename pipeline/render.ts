import { Document, isMap, isScalar } from "yaml";
import { toSnakeCase } from "../validation/snake-case.ts";
import type { Job, Pipeline } from "./model.ts";

/** Maps whose keys the user owns: they keep their spelling. */
const userKeyed = new Set(["variables"]);

/**
 * The text of `.gitlab-ci.yml`. The same pipeline gives the same text: keys come in the model's
 * order, nothing depends on time or place.
 */
export function renderPipeline({ header, jobs, ...globals }: Pipeline): string {
  const document = new Document({
    ...toFileKeys(globals),
    ...Object.fromEntries(jobs.map(toEntry)),
  });
  document.commentBefore = header.map((line) => ` ${line}`).join("\n");
  separateEntries(document);
  return document.toString({ lineWidth: 0 });
}

function separateEntries({ contents }: Document): void {
  if (!isMap(contents)) return;
  for (const { key } of contents.items.slice(1)) {
    if (isScalar(key)) key.spaceBefore = true;
  }
}

function toEntry({ name, ...job }: Job): [string, object] {
  return [name, toFileKeys(job)];
}

/** Keys without a value are left out by the YAML library. */
function toFileKeys(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      toSnakeCase(key),
      userKeyed.has(key) ? inner : toFileValue(inner),
    ]),
  );
}

function toFileValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toFileValue);
  return typeof value === "object" && value !== null ? toFileKeys(value) : value;
}
