import { expect, test } from "vitest";
import { progressLines } from "./progress-lines.ts";

const image = "docker-build:index:Image builder-bookworm-image";

test("an image build is told by its start, its instructions and its end", () => {
  const kept = [
    ` +  ${image} creating (0s) `,
    ` +  ${image} creating (1s) #7 [2/4] RUN apt-get update`,
    ` +  ${image} created (80s) `,
  ];
  const dropped = [
    ` +  ${image} creating (0s) #1 [internal] load build definition from Dockerfile`,
    ` +  ${image} creating (1s) #1 DONE 0.0s`,
    ` +  ${image} creating (75s) #7 73.15 Setting up cmake`,
    ` +  ${image} creating (75s) `,
  ];
  const lines = [kept[0], ...dropped, kept[1], kept[2]].map(String);
  expect(lines.filter(progressLines())).toEqual(kept);
});

test("a step that follows on the same resource is another step", () => {
  const lines = [` ++ ${image} creating (0s) `, ` -- ${image} deleting (0s) `];
  expect(lines.filter(progressLines())).toEqual(lines);
});

test.each([
  "Updating (dev):",
  "",
  "    warning: creating (2s) is how a diagnostic may read",
  '    bookworm: "127.0.0.1:5050/builder-bookworm:b7a2ef430a58"',
])("%j is no row and stays however often it comes", (line) => {
  expect([line, line].filter(progressLines())).toEqual([line, line]);
});
