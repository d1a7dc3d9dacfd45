import { toPublishSegment } from "../../validation/publish-segment.ts";
import { path } from "../kit/path.ts";
import { isAtLeast } from "./version.ts";

/** Where something is published: `storage:prefix`, prefix and distribution as aptly's command line has them. */
export interface Place {
  /** `.` for the root of the published tree. */
  readonly prefix: string;
  readonly distribution: string;
}

/**
 * The path of one publication in aptly's API. A slash is written `_` there and an underscore `__`; aptly
 * before 1.6 takes the distribution as it is. https://www.aptly.info/doc/api/publish/
 */
export function toPublishPath({ prefix, distribution }: Place, version: string): string {
  const last = isAtLeast(version, "1.6.0") ? toPublishSegment(distribution) : distribution;
  return `${toPrefixPath(prefix)}${path`/${last}`}`;
}

/** The path to publish below a prefix. */
export function toPrefixPath(prefix: string): string {
  return path`/publish/${toPublishSegment(prefix)}`;
}

/** Texts in which a slash touches an underscore cannot be written: aptly reads `a_/b` and `a/_b` alike. */
export function isEscapable(text: string): boolean {
  return !/_\/|\/_/.test(text);
}
