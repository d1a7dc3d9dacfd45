import { parseAllDocuments, stringify, type YAMLParseError } from "yaml";
import { type Config, ConfigInvalid, isConfig } from "./config.ts";
import { toValue } from "./psych.ts";

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
    if (error !== undefined) throw new ConfigInvalid(renderSyntaxError(error));
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

/** The parser's findings and the sentences that libyaml has for the same mistakes. */
const sentences: [RegExp, string][] = [
  [/^Nested mappings/, "mapping values are not allowed in this context"],
  [/^Flow sequence/, "did not find expected ',' or ']' while parsing a flow sequence"],
  [/^Flow map/, "did not find expected ',' or '}' while parsing a flow mapping"],
  [/^Missing closing/, "found unexpected end of stream while scanning a quoted scalar"],
  [/^Implicit map keys/, "could not find expected ':' while scanning a simple key"],
  [
    /^(Tabs are not|Plain value cannot start)/,
    "found character that cannot start any token while scanning for the next token",
  ],
];

function renderSyntaxError({ message, linePos }: YAMLParseError): string {
  const known = sentences.find(([pattern]) => pattern.test(message));
  const sentence = known?.[1] ?? "did not find expected key while parsing a block mapping";
  const { line, col } = linePos?.[0] ?? { line: 1, col: 1 };
  return `(<unknown>): ${sentence} at line ${line} column ${col}`;
}
