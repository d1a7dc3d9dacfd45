/** Without the keys that have no value: a key that is not written keeps the runner's own default. */
export function compact(entries: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
