import { execa } from "execa";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Pipeline } from "../../../pipeline/model.ts";
import { renderPipeline } from "../../../pipeline/render.ts";

/** GitLab's own reader of YAML, as GitLab calls it. */
const reader = `
  require "yaml"
  require "json"
  puts JSON.generate(JSON.parse(STDIN.read).map { |text|
    YAML.safe_load(text, permitted_classes: [Symbol], aliases: true)
  })`;
const { exitCode } = await execa("ruby", ["--version"], { reject: false });
beforeEach(({ skip }) => skip(exitCode !== 0, "there is no ruby"));

const traps = [
  ..."1_000 1,000 0b11 0o17 017 0x1f +1 -1 1. .5 1e3 1_0.5 12:30 1:30:00.5 -12:30 .inf -.INF .nan".split(
    " ",
  ),
  ..."y Y yes Yes YES n no NO on On ON off OFF true True TRUE false null Null NULL ~ = <<".split(
    " ",
  ),
  ..."2024-01-01 2024-1-1 2001-12-14T21:59:43Z :sym :a:b !x &a *a @a %a `a # - ? | > [ ] { } ,".split(
    " ",
  ),
  ...[
    "",
    " ",
    " a",
    "a ",
    "a: b",
    "a #b",
    "2001-12-14 21:59:43.10 -5",
    "'",
    '"',
    "\\",
    "a\nb",
    "é",
    "\t",
  ],
];

test("texts are read as they were written, wherever they stand", async () => {
  const unit = fc.constantFrom(...":,_.-+eExbo0123456789TZ~=<>[]{}#&*!|'\"%@`? \nanyfor");
  const random = fc.sample(fc.string({ unit, minLength: 1, maxLength: 12 }), {
    numRuns: 400,
    seed: 7,
  });
  const texts = [...traps, ...random].filter((text) => !/\r/.test(text));
  const { stdout } = await execa("ruby", ["-e", reader], {
    input: JSON.stringify(texts.map((text) => renderPipeline(pipelineOf(text)))),
  });
  const read: unknown[] = JSON.parse(stdout);
  for (const [index, text] of texts.entries()) {
    expect(read[index], JSON.stringify(text)).toEqual({
      stages: ["build", text],
      variables: { KEY: text, [keyOf(text)]: text },
      build: { image: text, tags: [text], script: ["make", text], variables: { A: text } },
    });
  }
});

/** A variable's name may be a word that YAML knows. */
const keyOf = (text: string) => (/^[a-z]\w*$/i.test(text) ? text : `k${text}`);

/** In lists and maps, of one line and of several, as value and as key. */
function pipelineOf(text: string): Pipeline {
  const variables = { KEY: text, [keyOf(text)]: text };
  const job = { image: text, tags: [text], script: ["make", text], variables: { A: text } };
  return {
    header: ["A test"],
    stages: ["build", text],
    variables,
    jobs: [{ name: "build", ...job }],
    hidden: [],
  };
}
