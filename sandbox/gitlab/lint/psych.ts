import { type Document, isAlias, isMap, isNode, isScalar, isSeq, Scalar, type YAMLMap } from "yaml";
import { ConfigInvalid, isConfig, Reference } from "./config.ts";
import { readPlain } from "./scalars.ts";

/** Stands for what an anchor names while it is still being read. */
const unfinished = Symbol("unfinished");

const text = /^(tag:yaml\.org,2002:|!)str$/;

/**
 * Gives a document's value as Ruby's Psych does, which GitLab reads YAML with.
 *
 * @param document parsed without giving scalars a type.
 * @throws ConfigInvalid in Psych's words.
 */
export function toValue(document: Document.Parsed): unknown {
  const anchors = new Map<string, unknown>();
  return read(document.contents);

  function read(node: unknown): unknown {
    if (isAlias(node)) return follow(node.source);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) anchors.set(anchor, unfinished);
    const value = readNode(node);
    if (anchor !== undefined) anchors.set(anchor, value);
    return value;
  }

  function follow(anchor: string): unknown {
    if (!anchors.has(anchor)) {
      throw new ConfigInvalid(`An alias referenced an unknown anchor: ${anchor}`);
    }
    const value = anchors.get(anchor);
    if (value === unfinished) throw new ConfigInvalid("The parsed YAML is too big");
    return value;
  }

  function readNode(node: unknown): unknown {
    if (!isNode(node)) return null;
    const value = isMap(node)
      ? readMap(node)
      : isSeq(node)
        ? node.items.map(read)
        : isScalar(node)
          ? readScalar(node)
          : null;
    return node.tag === "!reference" ? new Reference(value) : value;
  }

  function readMap(node: YAMLMap): unknown {
    const entries = new Map<string, unknown>();
    for (const { key, value: below } of node.items) {
      const name = read(key);
      const value = read(below);
      const merged = name === "<<" && !isText(key) ? toMerged(below, value) : undefined;
      if (merged === undefined) entries.set(toKey(name), value);
      else for (const each of merged) setAll(entries, each);
    }
    return Object.fromEntries(entries);
  }
}

function readScalar({ value, type, tag }: Scalar): unknown {
  const given = String(value ?? "");
  if (tag !== undefined) return text.test(tag) || tag === "!reference" ? given : readPlain(given);
  return type === Scalar.PLAIN ? readPlain(given) : given;
}

function isText(key: unknown): boolean {
  return isScalar(key) && key.tag !== undefined && text.test(key.tag);
}

/** What `<<` lays over the keys so far, later ones on top; undefined where it is an ordinary key. */
function toMerged(node: unknown, value: unknown): object[] | undefined {
  if (isSeq(node))
    return Array.isArray(value) && value.every(isConfig) ? value.toReversed() : undefined;
  return isConfig(value) ? [value] : undefined;
}

function setAll(entries: Map<string, unknown>, values: object): void {
  for (const [key, value] of Object.entries(values)) entries.set(key, value);
}

function toKey(name: unknown): string {
  if (name === null) return "";
  return typeof name === "object" ? JSON.stringify(name) : String(name);
}
