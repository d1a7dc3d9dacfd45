import type { Declared } from "./declared.ts";

/** https://www.pulumi.com/docs/iac/guides/migration/import/ */
export interface ImportFile {
  /** URNs of parents that the stack has already, by the names that `parent` uses. */
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly ImportEntry[];
}

interface ImportEntry {
  readonly type: string;
  /** Unique in the file. */
  readonly name: string;
  readonly logicalName: string;
  readonly id?: string;
  /** Of the plugin, as the program wants it: another has another default provider. */
  readonly version?: string;
  readonly component?: true;
  readonly parent?: string;
}

type Named = Pick<Declared, "type" | "name">;

/** What is there and not in the stack yet, each below the component that declares it. */
export function toImportFile(declared: readonly Declared[], urns: readonly string[]): ImportFile {
  const state = new Map(urns.map((urn) => [toKey(fromUrn(urn)), urn]));
  const byKey = new Map(declared.map((each) => [toKey(each), each]));
  const wanted = new Map<string, Declared>();
  const nameTable: Record<string, string> = {};
  const want = (each: Declared): void => {
    const key = toKey(each);
    const urn = state.get(key);
    if (urn !== undefined) {
      if (each.isComponent) nameTable[key] = urn;
      return;
    }
    const parent = each.parent && byKey.get(toKey(each.parent));
    if (parent) want(parent);
    wanted.set(key, each);
  };
  for (const each of declared) if (each.id !== undefined && !state.has(toKey(each))) want(each);
  return { nameTable, resources: [...wanted.values()].map((each) => toEntry(each, byKey)) };
}

/** What the program would create: all that is neither there nor in the stack. */
export function listCreations(declared: readonly Declared[], urns: readonly string[]): string[] {
  const state = new Set(urns.map((urn) => toKey(fromUrn(urn))));
  return declared
    .filter((each) => !each.isComponent && each.id === undefined && !state.has(toKey(each)))
    .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`);
}

function toEntry(each: Declared, byKey: ReadonlyMap<string, Declared>): ImportEntry {
  const { type, name, id, parent, version } = each;
  return {
    type,
    name: toKey(each),
    logicalName: name,
    ...(id === undefined ? { component: true } : { id }),
    ...(version && { version }),
    ...(parent && byKey.has(toKey(parent)) && { parent: toKey(parent) }),
  };
}

function toKey({ type, name }: Named): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}

function fromUrn(urn: string): Named {
  const [types = "", name = ""] = urn.split("::").slice(-2);
  return { type: types.slice(types.lastIndexOf("$") + 1), name };
}
