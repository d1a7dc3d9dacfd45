import { parseAllDocuments, stringify } from "yaml";
import { type Config, ConfigInvalid, isConfig } from "./config.ts";
import { toValue } from "./psych.ts";
import { renderSyntaxError } from "./syntax-errors.ts";

/** The last of two equal keys wins; what scalars are is Psych's to say. */
const options = { version: "1.1", schema: "failsafe", uniqueKeys: false } as const;

/**
 * Parses the text of a configuration; a first document with `spec` is a header and is left out, as
 * empty documents are.
 *
 * @throws ConfigInvalid in the words of Ruby's YAML parser, which GitLab passes on.
 */
export function parseYaml(text: string): Config {
  const parsed = parseAllDocuments(text, options);
  const documents = Array.isArray(parsed) ? parsed : [];
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) throw new ConfigInvalid(renderSyntaxError(error, document, text));
  }
  const values = documents.map(toValue).filter((value) => !isBlank(value));
  if (!values.every(isConfig)) throw new ConfigInvalid("Invalid configuration format");
  const [first = {}, second] = values;
  return "spec" in first && second !== undefined ? second : first;
}

function isBlank(value: unknown): boolean {
  if (typeof value === "string") return value.trim() === "";
  return value === false || value === null || Object.keys(Object(value)).length === 0;
}

/** As Psych writes, but for the folding of long lines. */
const written = {
  version: "1.1",
  lineWidth: 0,
  indentSeq: false,
  nullStr: "",
  aliasDuplicateObjects: false,
} as const;

/** Writes a configuration as GitLab shows the merged one. */
export function renderYaml(config: Config): string {
  return `---\n${stringify(config, written)}`;
}
