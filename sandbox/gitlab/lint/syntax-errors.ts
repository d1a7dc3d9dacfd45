import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from "yaml";

type Parsed = Document.Parsed;

/** Gives the offset that libyaml tells, from the one where the parser here stumbled. */
type Locate = (at: number, document: Parsed, text: string) => number;

const asTold: Locate = (at) => at;
const openSequence = startOf((node) => isSeq(node) && node.flow === true);
const openMapping = startOf((node) => isMap(node) && node.flow === true);
const openQuote = startOf((node) => isScalar(node) && node.type?.startsWith("QUOTE") === true);

/** The parser's findings, libyaml's sentences for the same mistakes, and where libyaml sees them. */
const sentences: [RegExp, string, Locate][] = [
  [/^Nested mappings/, "mapping values are not allowed in this context", findColon],
  [
    /^Flow sequence/,
    "did not find expected ',' or ']' while parsing a flow sequence",
    openSequence,
  ],
  [/^Flow map/, "did not find expected ',' or '}' while parsing a flow mapping", openMapping],
  [/^Missing closing/, "found unexpected end of stream while scanning a quoted scalar", openQuote],
  [/^Invalid escape/, "found unknown escape character while parsing a quoted scalar", openQuote],
  [/^Unexpected block-seq/, "block sequence entries are not allowed in this context", asTold],
  [/^Implicit map keys/, "could not find expected ':' while scanning a simple key", asTold],
  [
    /^(Tabs are not|Plain value cannot start)/,
    "found character that cannot start any token while scanning for the next token",
    asTold,
  ],
];

/** A mistake in the words of libyaml, which Psych passes on, with the place that it names. */
export function renderSyntaxError(error: YAMLParseError, document: Parsed, text: string): string {
  const known = sentences.find(([pattern]) => pattern.test(error.message));
  const [, sentence, locate] = known ?? [
    undefined,
    "did not find expected key while parsing a block mapping",
    blockMapping,
  ];
  const offset = locate(error.pos[0], document, text);
  const line = text.slice(0, offset).split("\n").length;
  return `(<unknown>): ${sentence} at line ${line} column ${columnOf(offset, text)}`;
}

function findColon(at: number, _document: Parsed, text: string): number {
  const colon = text.slice(at).search(/:(\s|$)/);
  return colon === -1 ? at : at + colon;
}

/** The start of the mapping that what stands there would belong to, by its indentation. */
function blockMapping(at: number, document: Parsed, text: string): number {
  const token = at + text.slice(at).search(/[^ ]|$/);
  const limit = columnOf(token, text);
  return startOf((node) => isMap(node) && node.flow !== true && isWithin(node))(at, document, text);

  function isWithin({ range }: YAMLMap): boolean {
    return columnOf(range?.[0] ?? 0, text) <= limit;
  }
}

function columnOf(offset: number, text: string): number {
  return offset - text.slice(0, offset).lastIndexOf("\n");
}

/** Where the last of the nodes starts that are still open; the place itself where none is. */
function startOf(matches: (node: unknown) => boolean): Locate {
  return (at, document) => {
    let start: number | undefined;
    visit(document, (_key, node) => {
      if (!isScalar(node) && !isCollection(node)) return;
      const [from, to] = node.range ?? [Number.POSITIVE_INFINITY, 0];
      if (matches(node) && from <= at && to >= at) start = from;
    });
    return start ?? at;
  };
}
