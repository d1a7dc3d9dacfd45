/** A file in the Dockerfile itself. https://docs.docker.com/reference/dockerfile/#here-documents */
export function copy(path: string, content: string): string[] {
  return [`COPY --chmod=644 <<"EOF" ${path}`, content, "EOF"];
}

/** Shell lines that run one after the other, to the first that fails. */
export function run(lines: readonly string[]): string[] {
  return ['RUN <<"EOF"', "set -e", ...lines, "EOF"];
}
