/**
 * A URL of parts, with one slash between two whatever they end or begin with. Empty parts are left out,
 * and the base alone ends in no slash.
 */
export function joinUrl(base: string, ...parts: readonly string[]): string {
  return [base.replace(/\/+$/, ""), ...parts.filter((part) => part !== "")].reduce(
    (joined, part) => `${joined.replace(/\/+$/, "")}/${part.replace(/^\/+/, "")}`,
  );
}
