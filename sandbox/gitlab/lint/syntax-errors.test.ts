import { expect, test } from "vitest";
import { ConfigInvalid } from "./config.ts";
import { parseYaml } from "./yaml.ts";

const key = "did not find expected key while parsing a block mapping";
const colon = "mapping values are not allowed in this context";
const quote = "found unexpected end of stream while scanning a quoted scalar";
const token = "found character that cannot start any token while scanning for the next token";
const bracket = "did not find expected ',' or ']' while parsing a flow sequence";
const brace = "did not find expected ',' or '}' while parsing a flow mapping";

/** What Ruby's Psych 4.0.3 said. */
test.each([
  ["a: b: c", colon, 1, 5],
  ["a: 12:30:", colon, 1, 9],
  ["a: x\n b: c", colon, 2, 3],
  ["job:\n  - echo a: b: c", colon, 2, 14],
  ["a:\n  - x\n b: 1", key, 1, 1],
  ["a:\n  b: 1\n c: 2", key, 1, 1],
  ["job:\n  script:\n    - a\n   - b", key, 2, 3],
  ["a: {b: c}}", key, 1, 1],
  ["a: 'it's'", key, 1, 1],
  ["\n\na: b\n- c", key, 3, 1],
  ["a: 1\nfoo", "could not find expected ':' while scanning a simple key", 2, 1],
  ["a: - b", "block sequence entries are not allowed in this context", 1, 4],
  ["job:\n  script: [a", bracket, 2, 11],
  ["a: [1, 2\nb: 1", bracket, 1, 4],
  ["a: {b: c\nd: e", brace, 1, 4],
  ['job:\n  - "a', quote, 2, 5],
  ["a: 'x\nb: 1", quote, 1, 4],
  ['a: "\\z"', "found unknown escape character while parsing a quoted scalar", 1, 4],
  ["a:\n\t- b", token, 2, 1],
  ["a: %x", token, 1, 4],
])("%j is told as Ruby tells it", (text, sentence, line, column) => {
  const message = `(<unknown>): ${sentence} at line ${line} column ${column}`;
  expect(() => parseYaml(`${text}\n`)).toThrow(new ConfigInvalid(message));
});
