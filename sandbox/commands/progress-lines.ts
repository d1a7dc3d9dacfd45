/** Characters of a row that shows an instruction of a Dockerfile. */
const width = 160;

/** A row of Pulumi's table, as it is printed each time that the resource's status changes. */
const rowPattern =
  /^(?<step> .* \S+:\S+ \S+ (?<verb>\w+)) (?<duration>\([\d.]+m?s\)) ?(?<status>.*)$/s;

/**
 * Thins out what Pulumi prints where there is no terminal: dots while it waits, and a row for each
 * line that an image build prints. What stays is each step's start and end, the instructions of a
 * Dockerfile as they begin, and whatever is no such row. Pulumi repeats warnings and errors at its end.
 * @returns What to print for a line.
 */
export function progressLines(): (line: string) => string[] {
  const printed = new Set<string>();
  const once = (key: string, line: string) => {
    if (printed.has(key)) return [];
    printed.add(key);
    return [line];
  };
  return (line) => {
    if (/^@ \w+ing\b/.test(line)) return [];
    const { step = "", verb = "", duration, status = "" } = rowPattern.exec(line)?.groups ?? {};
    const instruction = /^#\d+ (\[\d+\/\d+\] .*)/.exec(status)?.[1];
    if (instruction !== undefined) {
      return once(step + instruction, `${step} ${duration} ${instruction}`.slice(0, width));
    }
    if (verb.endsWith("ing")) return once(step, line);
    return status.startsWith("#") ? [`${step} ${duration}`] : [line];
  };
}
