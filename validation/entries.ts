/** A record with the same keys, its values mapped. */
export function mapEntries<From, To>(
  entries: Readonly<Record<string, From>>,
  map: (name: string, entry: From) => To,
): Record<string, To> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => [name, map(name, entry)]),
  );
}
