/**
 * Why GitLab cannot hide a value in jobs' logs, as the end of a sentence; undefined when it can. With
 * `raw`, where `$` has no meaning, more characters may be in it.
 * https://docs.gitlab.com/ci/variables/#mask-a-cicd-variable
 */
export function whyNotMaskable(value: string, raw: boolean): string | undefined {
  if (/[\n\r]/.test(value)) return "it has more than one line";
  if (value.length < 8) return "it has fewer than 8 characters";
  if (/\s/.test(value)) return "it has blanks";
  if (raw || /^[a-zA-Z0-9_+=/@:.~-]*$/.test(value)) return undefined;
  return "without raw it may have letters, digits and _+=/@:.~- alone";
}
