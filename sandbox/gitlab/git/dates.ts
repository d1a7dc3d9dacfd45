/**
 * Writes a date of git as GitLab does, with milliseconds.
 *
 * @param date ISO 8601; newer git writes `Z` for UTC where older writes `+00:00`.
 */
export function toDate(date: string): string {
  return date.replace(/Z$/, "+00:00").replace(/([+-]\d\d:\d\d)$/, ".000$1");
}
