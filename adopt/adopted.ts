/** A secret's place in the configuration, and its value. */
export interface AdoptedSecret {
  /** From the key on: `["trunkline:packages", "ying", "variables", "TOKEN", "value"]`. */
  readonly path: readonly (string | number)[];
  readonly value: string;
}

/** What is written of one thing: its entry, the secrets below it, and what is to be told. */
export interface Adopted<Entry> {
  readonly entry: Entry;
  /** Paths below the entry. */
  readonly secrets: readonly AdoptedSecret[];
  /** What stays as it is because the configuration cannot say it, and what a reader should know. */
  readonly remarks: readonly string[];
}

export type Entry = Readonly<Record<string, unknown>>;

/** The same with its secrets below a place. */
export function below(
  adopted: Pick<Adopted<unknown>, "secrets">,
  ...place: (string | number)[]
): AdoptedSecret[] {
  return adopted.secrets.map(({ path, value }) => ({ path: [...place, ...path], value }));
}

/** Without the keys that are undefined. */
export function withoutUnset(entry: Entry): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}

/** A name of its own for each: the second `nightly` is `nightly-2`. */
export function uniqueName(wanted: string, taken: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken(name)) return name;
  }
}

/** `Nightly build!` is `nightly-build`. */
export function toSlug(text: string): string {
  const slug = text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return slug.replace(/^-+|-+$/g, "");
}
