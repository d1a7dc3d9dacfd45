/**
 * A prefix or distribution as aptly's publish calls want it in a URL: `_` doubled, `/` as `_`, the
 * root as `:.` (https://www.aptly.info/doc/api/publish/). Local repositories' names are never escaped.
 */
export function toPublishSegment(value: string): string {
  if (value === "" || value === ".") return ":.";
  return value.replaceAll("_", "__").replaceAll("/", "_");
}
