/** A URL path whose holes are encoded, slashes included: path`/projects/${"a/b"}` is `/projects/a%2Fb`. */
export function path(parts: TemplateStringsArray, ...holes: (string | number)[]): string {
  return String.raw({ raw: parts }, ...holes.map((hole) => encodeURIComponent(hole)));
}
