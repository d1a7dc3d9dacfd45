import { isMap, isPair, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";

/** Columns that a line may take; a list or map that fits stands in one. */
const width = 120;

/** Texts that need no quotes within `[]` and `{}`. */
const plain = /^[A-Za-z0-9$_./~-](?:[A-Za-z0-9$_./*=~ +()-]*[A-Za-z0-9$_./*=~+()-])?$/;

/** Entries that may stand in a line; the others, jobs above all, are told apart by blank lines. */
const short = new Set(["workflow", "stages", "variables"]);

/** Short lists and maps in a line, and blank lines around longer entries, as people write them. */
export function layOut(file: YAMLMap): void {
  let isFirst = true;
  let wasShort = false;
  for (const { key, value } of file.items) {
    if (!(isMap(value) || isSeq(value))) continue;
    if (short.has(text(key))) fold(value, `${text(key)}: `.length);
    else spread(value, 2);
    const isShort = value.flow === true;
    if (isScalar(key)) key.spaceBefore = !isFirst && !(isShort && wasShort);
    isFirst = false;
    wasShort = isShort;
  }
}

/** Into one line if it fits behind `column`. */
function fold(node: YAMLMap | YAMLSeq, column: number, indent = 2): void {
  const line = toLine(node);
  const fits = line !== undefined && column + line.length <= width;
  if (fits || node.tag === "!reference") node.flow = true;
  else spread(node, indent);
}

/** A line for each entry. */
function spread(node: YAMLMap | YAMLSeq, indent: number): void {
  for (const item of node.items) {
    if (isPair(item) && (isMap(item.value) || isSeq(item.value))) {
      fold(item.value, indent + `${text(item.key)}: `.length, indent + 2);
    } else if (isMap(item) || isSeq(item)) spread(item, indent + 2);
  }
}

function toLine(node: unknown): string | undefined {
  if (isScalar(node)) return isPlain(node) ? `${node.value}` : undefined;
  if (isSeq(node)) return join(node.items.map(toLine), "[]");
  if (!isMap(node)) return undefined;
  const pairs = node.items.map(({ key, value }) => {
    const [left, right] = [toLine(key), toLine(value)];
    return left === undefined || right === undefined ? undefined : `${left}: ${right}`;
  });
  return join(pairs, "{}");
}

function join(parts: readonly (string | undefined)[], brackets: string): string | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length || parts.length === 0) return undefined;
  return `${brackets[0]}${known.join(", ")}${brackets[1]}`;
}

/** Quoted ones too where the quotes are for readers of YAML 1.1. */
function isPlain({ value }: Scalar): boolean {
  return typeof value !== "string" || value === "" || plain.test(value);
}

function text(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}
