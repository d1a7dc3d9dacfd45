import { expect, test } from "vitest";
import { toTraceLines } from "./trace-lines.ts";

test("times, sections and colours are left out", () => {
  const trace = [
    "2026-11-24T11:17:05.654580Z 00O+section_start:1795519025:download_artifacts\r\u001b[0K",
    "2026-11-24T11:17:05.654585Z 00O+\u001b[0K\u001b[36;1mDownloading artifacts\u001b[0;m\u001b[0;m",
    "2026-11-24T11:17:06.041130Z 01O compiled on bookworm\r",
    "2026-11-24T11:17:06.041200Z 01E ",
    "",
  ];
  expect(toTraceLines(trace.join("\n"))).toEqual(["Downloading artifacts", "compiled on bookworm"]);
});

test("a line that the runner sent in pieces is one line", () => {
  const trace = [
    "2026-11-24T11:17:05.000000Z 01O one, ",
    "2026-11-24T11:17:05.100000Z 01O+and two",
    "",
  ];
  expect(toTraceLines(trace.join("\n"))).toEqual(["one, and two"]);
});

test("a trace without times is read too", () => {
  expect(toTraceLines("$ make\nall: done\n")).toEqual(["$ make", "all: done"]);
});

test("a line that has not ended is not there yet", () => {
  expect(toTraceLines("first\nsec")).toEqual(["first"]);
});
