/** Colours, and the moves of a terminal's cursor. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with the character ESC.
const escapes = /\u001b\[[0-9;]*[A-Za-z]/g;
/** https://docs.gitlab.com/ci/jobs/job_logs/#use-a-script-to-improve-display-of-collapsible-sections */
const sections = /section_(start|end):\d+:[^\r\n]*\r/g;
/** `+` continues the line before. https://docs.gitlab.com/ci/jobs/job_logs/#job-log-timestamps */
const stamp = /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f]{2}[OE]([ +]|$)/;

/**
 * What a job printed, line by line, without what its runner adds for GitLab's page: times, sections,
 * colours. A line that has not ended is left out.
 */
export function toTraceLines(trace: string): string[] {
  const lines: string[] = [];
  for (const raw of trace.split("\n").slice(0, -1)) {
    const continues = stamp.exec(raw)?.[1] === "+";
    const line = raw.replace(stamp, "").replace(sections, "").replace(escapes, "");
    if (continues && lines.length > 0) lines.push((lines.pop() ?? "") + line);
    else lines.push(line);
  }
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}
