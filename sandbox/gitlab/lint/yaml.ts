import {
  type CollectionTag,
  isScalar,
  parseAllDocuments,
  stringify,
  type Tags,
  type YAMLParseError,
} from "yaml";
import { type Config, ConfigInvalid, isConfig, Reference } from "./config.ts";

const referenceTag: CollectionTag = {
  tag: "!reference",
  collection: "seq",
  resolve: (node) => new Reference(node.items.map((item) => (isScalar(item) ? item.value : item))),
};

/** GitLab reads YAML 1.1 with Ruby's Psych and lets the last of two equal keys win. */
const options = {
  version: "1.1" as const,
  merge: true,
  uniqueKeys: false,
  customTags: (tags: Tags): Tags => [...tags.map(toPsych), referenceTag],
};

const dateRefused = "Tried to load unspecified class: Date";

/**
 * Psych differs from YAML 1.1: `y` and `n` are no booleans, and the one kind of timestamp that it
 * knows, the day, is refused by GitLab.
 */
function toPsych(tag: Tags[number]): Tags[number] {
  if (typeof tag === "string" || tag.collection !== undefined) return tag;
  if (tag.tag === "tag:yaml.org,2002:bool") {
    return { ...tag, test: tag.test?.test("yes") ? /^(yes|true|on)$/i : /^(no|false|off)$/i };
  }
  if (tag.tag !== "tag:yaml.org,2002:timestamp") return tag;
  const resolve = (_text: string, onError: (message: string) => void) => onError(dateRefused);
  return { ...tag, test: /^\d{4}-(1[0-2]|0?[1-9])-(3[01]|[12]\d|0?[1-9])$/, resolve };
}

/**
 * Parses the text of a configuration; a first document with `spec` is a header and is left out.
 *
 * @throws ConfigInvalid in the words of Ruby's YAML parser, which GitLab passes on.
 */
export function parseYaml(text: string): Config {
  const documents = parseAllDocuments(text, options);
  if (!Array.isArray(documents)) throw new ConfigInvalid("Invalid configuration format");
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) throw new ConfigInvalid(renderSyntaxError(error));
  }
  const [first, second] = documents.map((document) => toValue(() => document.toJS()));
  const config = isConfig(first) && "spec" in first && second !== undefined ? second : first;
  if (!isConfig(config)) throw new ConfigInvalid("Invalid configuration format");
  return config;
}

function toValue(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    const alias = error instanceof ReferenceError && /: (\S+)$/.exec(error.message);
    if (!alias) throw error;
    throw new ConfigInvalid(`Unknown alias: ${alias[1]}`);
  }
}

/** Writes a configuration as GitLab shows the merged one. */
export function renderYaml(config: Config): string {
  return `---\n${stringify(config, { lineWidth: 0, aliasDuplicateObjects: false })}`;
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
  if (message.startsWith(dateRefused)) return dateRefused;
  const known = sentences.find(([pattern]) => pattern.test(message));
  const sentence = known?.[1] ?? "did not find expected key while parsing a block mapping";
  const { line, col } = linePos?.[0] ?? { line: 1, col: 1 };
  return `(<unknown>): ${sentence} at line ${line} column ${col}`;
}
