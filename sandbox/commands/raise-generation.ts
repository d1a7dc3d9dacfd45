import { isMap, isScalar, type ParsedNode, parseDocument, type YAMLMap } from "yaml";
import { ConfigError } from "../../validation/config-error.ts";

/** A stack's configuration with one runner's generation raised, every other character as it was. */
export function raiseGeneration(
  text: string,
  runner: string,
): { text: string; generation: number } {
  const entry = findRunner(text, runner);
  const written = entry.get("generation", true);
  if (isScalar(written)) {
    const [start = 0, end = 0] = written.range ?? [];
    const generation = Number(written.value) + 1;
    return { text: splice(text, start, end, `${generation}`), generation };
  }
  const [first] = entry.items;
  const at = first?.key.range[0] ?? 0;
  const indent = " ".repeat(at - text.lastIndexOf("\n", at - 1) - 1);
  const separator = entry.flow ? ", " : `\n${indent}`;
  return { text: splice(text, at, at, `generation: 2${separator}`), generation: 2 };
}

function findRunner(text: string, runner: string): YAMLMap<ParsedNode, ParsedNode | null> {
  const runners = parseDocument(text).getIn(["config", "trunkline:runners"]);
  const declared = isMap<ParsedNode, ParsedNode | null>(runners) ? runners : undefined;
  const entry = declared?.get(runner, true);
  if (isMap<ParsedNode, ParsedNode | null>(entry) && entry.items.length > 0) return entry;
  const names = declared?.items.map(({ key }) => String(key)).join(", ");
  const fault = {
    path: "RUNNER",
    message: `"${runner}" is not in trunkline:runners`,
    fix: names ? `Give one of ${names}.` : "Declare a runner first.",
  };
  throw new ConfigError({ code: "arguments", subject: "rotate", faults: [fault] });
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
