/**
 * A publish prefix is a path, for example `trunk`, `""` being the root; before it there may be an
 * endpoint of aptly's configuration to publish to, for example `s3:packages:trunk` or
 * `filesystem:disk:`. https://www.aptly.info/doc/feature/s3/
 */

/** The prefix as aptly has it: `.` for the root. */
export function toAptlyPrefix(prefix: string): string {
  return prefix === "" || prefix.endsWith(":") ? `${prefix}.` : prefix;
}

/** Where it lies below the address of what is published: without the endpoint, `""` for the root. */
export function toPublishedPath(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf(":") + 1);
}
