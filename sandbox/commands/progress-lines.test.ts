import { expect, test } from "vitest";
import { progressLines } from "./progress-lines.ts";

const image = "docker-build:index:Image builder-bookworm-image";
const print = (lines: readonly string[]) => lines.flatMap(progressLines());

test("an image build is told by its start, its instructions and its end", () => {
  const printed = print([
    ` +  ${image} creating (0s) `,
    ` +  ${image} creating (0s) #1 [internal] load build definition from Dockerfile`,
    ` +  ${image} creating (0s) #1 DONE 0.0s`,
    "@ updating....",
    ` +  ${image} creating (1s) #7 [2/4] RUN apt-get update`,
    ` +  ${image} creating (2s) #7 [2/4] RUN apt-get update`,
    ` +  ${image} creating (8s) #7 5.466 (Reading database ... 5%\r(Reading database ... 10%`,
    ` +  ${image} creating (75s) `,
    ` +  ${image} created (80s) #10 pushing manifest 0.0s done`,
  ]);
  expect(printed).toEqual([
    ` +  ${image} creating (0s) `,
    ` +  ${image} creating (1s) [2/4] RUN apt-get update`,
    ` +  ${image} created (80s)`,
  ]);
});

test("a long instruction is cut", () => {
  const [line] = print([` +  ${image} creating (1s) #7 [2/4] RUN ${"x".repeat(500)}`]);
  expect(line).toHaveLength(160);
});

test("a step that follows on the same resource is another step", () => {
  const lines = [` ++ ${image} creating (0s) `, ` -- ${image} deleting (0s) `];
  expect(print(lines)).toEqual(lines);
});

test("a warning on a finished step stays", () => {
  const lines = [` ~  ${image} updated (0.5s) warning: no cache`];
  expect(print(lines)).toEqual(lines);
});

test.each([
  "Updating (dev):",
  "",
  "    warning: creating (2s) is how a diagnostic may read",
  '    bookworm: "127.0.0.1:5050/builder-bookworm:b7a2ef430a58"',
])("%j is no row and stays however often it comes", (line) => {
  expect(print([line, line])).toEqual([line, line]);
});
