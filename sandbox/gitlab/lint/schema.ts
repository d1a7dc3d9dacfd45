import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Config } from "./config.ts";
import { type CiSchema, readCiSchema } from "./schema-source.ts";

const nestedTexts = {
  anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#/definitions/script" } }],
};

let loaded: { schema: CiSchema; validate: ValidateFunction } | undefined;

function load(): { schema: CiSchema; validate: ValidateFunction } {
  if (loaded === undefined) {
    const schema = readCiSchema();
    // It knows fewer reports than GitLab's documentation; lint/report-rules.ts checks them.
    schema.definitions.artifacts.properties.reports = { type: "object" };
    // It lets scripts nest two levels deep, GitLab ten; lint/job-rules.ts counts them.
    schema.definitions.script = nestedTexts;
    schema.definitions.optional_script = nestedTexts;
    const ajv = new Ajv({
      allErrors: true,
      allowUnionTypes: true,
      strictTypes: false,
      validateFormats: false,
      keywords: ["markdownDescription"],
    });
    loaded = { schema, validate: ajv.compile(schema) };
  }
  return loaded;
}

/** The keywords that may stand at the top of a configuration; every other key there is a job. */
export function globalKeywords(): ReadonlySet<string> {
  return new Set(Object.keys(load().schema.properties).filter((key) => key !== "pages"));
}

/** The keywords that a job may have. */
export function jobKeywords(): ReadonlySet<string> {
  return new Set(Object.keys(load().schema.definitions.job_template.properties));
}

/**
 * Checks a configuration against GitLab's CI schema.
 *
 * The server itself has no such check, only GitLab's pipeline editor; it finds wrong values for
 * which the lint here has no rule. The sentences are the schema validator's, in GitLab's form.
 */
export function checkSchema(config: Config): string[] {
  const { validate } = load();
  if (validate(config)) return [];
  const errors = (validate.errors ?? []).filter(
    (error) => !/^(anyOf|oneOf|if)$/.test(error.keyword),
  );
  const deepest = new Map<string, ErrorObject[]>();
  for (const error of errors) {
    const job = error.instancePath.split("/")[1] ?? "";
    const known = deepest.get(job) ?? [];
    const difference = depth(error) - depth(known[0] ?? error);
    if (difference > 0) deepest.set(job, [error]);
    else if (difference === 0) deepest.set(job, [...known, error]);
  }
  return [...new Set([...deepest.values()].flat().map(render))];
}

/** Alternatives fail at several depths; the deepest is the one the writer meant. */
function depth(error: ErrorObject): number {
  return error.instancePath.split("/").length;
}

function render({ instancePath, keyword, message, params }: ErrorObject): string {
  const path = instancePath.split("/").slice(1).map(toKey).join(":");
  const where = path === "" ? "root" : path;
  if (keyword === "additionalProperties") {
    return `${where} config contains unknown keys: ${params.additionalProperty}`;
  }
  if (keyword === "enum") {
    return `${where} should be one of: ${params.allowedValues.join(", ")}`;
  }
  return `${where} ${message}`;
}

function toKey(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
