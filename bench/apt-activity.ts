/** What apt did in the jobs of a pipeline. */
export interface AptActivity {
  /** How often it was run, be it to update its lists or to install. */
  readonly runs: number;
  /** The packages that it installed, in each job anew: `ying 1.2.0-1~bookworm`. */
  readonly installed: readonly string[];
}

/**
 * Reads what apt and dpkg print.
 * @param lines The jobs' logs, whatever stands before and behind a command's own words.
 */
export function readAptActivity(lines: readonly string[]): AptActivity {
  const installed = lines.flatMap((line) => {
    const [, name, version] = /\bSetting up ([^\s:]+)(?::\S+)? \((\S+)\) \.\.\./.exec(line) ?? [];
    return name === undefined ? [] : [`${name} ${version}`];
  });
  return {
    runs: lines.filter((line) => /\bReading package lists\.\.\./.test(line)).length,
    installed,
  };
}
