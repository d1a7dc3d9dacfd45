import { copyFile, readFile, rename, rm, writeFile } from "node:fs/promises";
import { type Node, parseDocument, Scalar, visit } from "yaml";
import { isMisread } from "../pipeline/yaml-1.1.ts";
import type { AdoptedSecret } from "./adopted.ts";
import type { Adoption } from "./adoption.ts";

export interface StackFileArgs {
  /** The stack's `Pulumi.<stack>.yaml`. */
  readonly file: string;
  readonly adoption: Pick<Adoption, "values" | "entries" | "secrets">;
  /** Encrypts a value into a file. */
  readonly setSecret: (file: string, path: string, value: string) => Promise<void>;
  /** Looks at the draft before it becomes the file; what it throws leaves the file as it was. */
  readonly check: (draft: string) => Promise<void>;
}

/**
 * Adds to a stack's file what it does not have, and leaves the rest of it as it is. It is changed as a
 * whole or not at all.
 */
export async function writeStackFile({
  file,
  adoption,
  setSecret,
  check,
}: StackFileArgs): Promise<void> {
  const draft = file.replace(/(\.[^.]+)$/, ".adopted$1");
  try {
    const added = await writeDraft(file, draft, adoption);
    for (const { path, value } of adoption.secrets) {
      if (added.has(toKey(path))) await setSecret(draft, toPulumiPath(path), value);
    }
    await check(draft);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Gives what was added: keys with the names below them. */
async function writeDraft(
  file: string,
  draft: string,
  { values, entries }: Pick<Adoption, "values" | "entries">,
): Promise<Set<string>> {
  const text = await readIfPresent(file);
  const document = parseDocument(text ?? "config: {}\n");
  const added = new Set<string>();
  const add = (path: readonly string[], value: unknown) => {
    if (document.hasIn(["config", ...path])) return;
    const [name, ...above] = path.toReversed();
    const key = quoteMisread(document.createNode(name));
    const place = ["config", ...above.toReversed(), key];
    document.setIn(place, quoteMisread(document.createNode(value)));
    added.add(path.join(" "));
  };
  if (!document.has("config")) document.set("config", document.createNode({}));
  for (const [key, value] of Object.entries(values)) add([key], value);
  for (const [key, named] of Object.entries(entries)) {
    if (Object.keys(named).length > 0 && !document.hasIn(["config", key])) {
      document.setIn(["config", key], document.createNode({}));
    }
    for (const [name, entry] of Object.entries(named)) add([key, name], entry);
  }
  // Its rights, and the salt of its secrets, are those of the file.
  if (text !== undefined) await copyFile(file, draft);
  await writeFile(draft, document.toString({ lineWidth: 0, flowCollectionPadding: true }));
  return added;
}

/** Pulumi reads YAML 1.1, where a text such as `2024-01-01` or `1_000` is none without quotes. */
function quoteMisread<Tree extends Node>(tree: Tree): Tree {
  visit(tree, {
    Scalar(_, node) {
      if (typeof node.value === "string" && isMisread(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return tree;
}

function toKey(path: AdoptedSecret["path"]): string {
  return path.slice(0, 2).join(" ");
}

/** As `pulumi config set --path` reads it. */
function toPulumiPath([key, ...rest]: AdoptedSecret["path"]): string {
  const parts = rest.map((part) => (typeof part === "number" ? `[${part}]` : `["${part}"]`));
  return `${key}${parts.join("")}`;
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
