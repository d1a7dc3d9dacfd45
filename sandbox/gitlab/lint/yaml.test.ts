import { expect, test } from "vitest";
import { ConfigInvalid } from "./config.ts";
import { parseYaml, renderYaml } from "./yaml.ts";

/**
 * What Ruby's Psych 4.0.3 answered for `YAML.safe_load(text, permitted_classes: [Symbol], aliases:
 * true)`, which is how GitLab reads a configuration. Symbols stand here as the texts that GitLab makes
 * of them; floats that JavaScript writes otherwise, and integers too large for it, as Ruby's texts.
 */
const scalars: [string, unknown][] = [
  ...["~", "null", "Null", "nUll", "", "!x"].map((text): [string, null] => [text, null]),
  ...["yes", "YES", "yEs", "true", "tRuE", "on", "oN"].map((text): [string, true] => [text, true]),
  ...["no", "nO", "false", "False", "off", "OFF"].map((text): [string, false] => [text, false]),
  ...[
    "y",
    "Y",
    "n",
    "N",
    "0o14",
    "09",
    "08",
    "1e3",
    "1.5e3",
    "1E3",
    "_1",
    "1_",
    "1__0",
    "0x",
    "0b",
  ],
  ...["0b2", "12:60", "1:60:00", "1.2.3", "0.1_5", "2024-13-01", "=", ".", "+.", "1-1", "1..2"],
].map((row): [string, unknown] => (typeof row === "string" ? [row, row] : row));
scalars.push(
  ["1_000", 1000],
  ["1,000", 1000],
  ["1,0", 10],
  ["0b11", 3],
  ["0b1_1", 3],
  ["012", 10],
  ["-012", -10],
  ["0_7", 7],
  ["0,1", 1],
  ["00", 0],
  ["0x1f", 31],
  ["-0x1f", -31],
  ["0xF_F", 255],
  ["+1", 1],
  ["12:30", 45000],
  ["-12:30", -41400],
  ["00:30", 1800],
  ["1:30:15", 5415],
  ["190:20:30", 685230],
  ["1:2:3.5", 3723.5],
  [".5", 0.5],
  ["1_0.5", 10.5],
  ["1,000.5", 1000.5],
  ["1.10", 1.1],
  ["1.0", "1.0"],
  ["1.", "1.0"],
  ["1.5e+3", "1500.0"],
  ["1.0e+20", "1.0e+20"],
  ["0.00001", "1.0e-05"],
  ["123456789012345678901", "123456789012345678901"],
  [".inf", Number.POSITIVE_INFINITY],
  ["-.Inf", Number.NEGATIVE_INFINITY],
  [".nan", Number.NaN],
  [":sym", "sym"],
  ["::x", ":x"],
  [":'a b'", "a b"],
  ["'yes'", "yes"],
  ['"012"', "012"],
  ["!!str 2024-01-01", "2024-01-01"],
  ["!!int '0x1f'", 31],
  ["!!bool 'yes'", true],
  ["!foo yes", true],
  ["|\n  yes\n", "yes\n"],
  ["one\n  two", "one two"],
  ["[b:c, {d: e}]", ["b:c", { d: "e" }]],
);

test.each(scalars)("%s is read as Ruby reads it", (text, expected) => {
  expect(parseYaml(`x: 1\na: ${text}\n`).a).toEqual(expected);
});

test.each([
  ["a: 2024-01-01", "Tried to load unspecified class: Date"],
  ["a: 2024-1-1", "Tried to load unspecified class: Date"],
  ["a: 2024-02-30", "Tried to load unspecified class: Date"],
  ["2024-01-01: a", "Tried to load unspecified class: Date"],
  ["a: 2024-01-01 10:00:00", "Tried to load unspecified class: Time"],
  ["a: 2001-12-14t21:59:43.10-05:00", "Tried to load unspecified class: Time"],
  ["a: *b\nb: &b 1", "An alias referenced an unknown anchor: b"],
  ["a: &a [*a]", "The parsed YAML is too big"],
  ["just a text", "Invalid configuration format"],
  ["a: 1\n--- \n- b", "Invalid configuration format"],
])("%s is refused", (text, message) => {
  expect(() => parseYaml(`${text}\n`)).toThrow(new ConfigInvalid(message));
});

const bases = "b: &b {s: base, t: 1}\nc: &c {s: other, u: 2}\n";

test.each([
  ["keys below", "{<<: *b, s: own}", { s: "own", t: 1 }],
  ["keys above, over which it is laid", "{s: own, <<: *b}", { s: "base", t: 1 }],
  ["a list, whose first counts most", "{<<: [*b, *c]}", { s: "base", t: 1, u: 2 }],
  ["a second merge, which counts more", "\n  <<: *b\n  <<: *c", { s: "other", t: 1, u: 2 }],
  ["quotes", "{'<<': *b}", { s: "base", t: 1 }],
  ["a text", "{<<: x, s: 1}", { "<<": "x", s: 1 }],
  ["a list of texts", "{<<: [x]}", { "<<": ["x"] }],
])("A merge key stands with %s", (_title, text, expected) => {
  expect(parseYaml(`${bases}a: ${text}\n`).a).toEqual(expected);
});

test("Keys are read like values, and the last of two equal ones counts", () => {
  expect(parseYaml("on: 1\nyes: 2\n12:30: 3\n__proto__: 4\na: 5\na: 6\n")).toEqual(
    Object.fromEntries([
      ["true", 2],
      ["45000", 3],
      ["__proto__", 4],
      ["a", 6],
    ]),
  );
});

test("A list that is merged stays as it is under its anchor", () => {
  const { a, list } = parseYaml(`${bases}a: {<<: &l [*b, *c]}\nlist: *l\n`);
  expect(a).toEqual({ s: "base", t: 1, u: 2 });
  expect(list).toEqual([
    { s: "base", t: 1 },
    { s: "other", u: 2 },
  ]);
});

test.each([
  ["nothing but a comment", "# later\n", {}],
  ["an empty document before", "---\n---\na: 1\n", { a: 1 }],
  ["a header", "spec: {inputs: {}}\n---\na: 1\n", { a: 1 }],
  ["a second document without a header", "a: 1\n---\nb: 2\n", { a: 1 }],
])("A file may have %s", (_title, text, expected) => {
  expect(parseYaml(text)).toEqual(expected);
});

test("What is written is read back as the same", () => {
  const config = { a: ["012", "yes", "12:30", "1.0", 1, true, null, "x: y"], b: { c: "n", d: {} } };
  const text = renderYaml(config);
  expect(text).toMatch(/^---\na:\n- "012"\n/);
  expect(parseYaml(text)).toEqual(config);
});
