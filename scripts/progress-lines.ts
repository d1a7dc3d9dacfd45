/**
 * Thins out what Pulumi prints where there is no terminal: a row of its table each time that a
 * resource's status changes, which an image build does with every line that it prints.
 * @returns Whether a line is worth printing. Keeps each step's start and end, the instructions of a
 * Dockerfile as they begin, and whatever is no such row; Pulumi repeats warnings and errors at its end.
 */
export function progressLines(): (line: string) => boolean {
  const begun = new Set<string>();
  return (line) => {
    const row = /^(?<step> .* \S+:\S+ \S+ \w+ing) \(\d+s\) ?(?<status>.*)$/.exec(line)?.groups;
    if (row === undefined) return true;
    if (/^#\d+ \[\d+\/\d+\]/.test(row.status ?? "")) return true;
    const { size } = begun;
    return begun.add(row.step ?? "").size > size;
  };
}
