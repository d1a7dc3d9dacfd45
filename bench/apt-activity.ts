/** What apt did in the jobs of a pipeline. */
export interface AptActivity {
  /** How often it was run, be it to update its lists or to install. */
  readonly runs: number;
  /** The packages that it installed, in each job anew: `ying 1.2.0-1~bookworm`. */
  readonly installed: readonly string[];
  /** Bytes that it downloaded, lists and packages, as exactly as it tells. */
  readonly fetched: number;
}

const units: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/**
 * Reads what apt and dpkg print.
 * @param lines The jobs' logs, whatever stands before and behind a command's own words.
 */
export function readAptActivity(lines: readonly string[]): AptActivity {
  const runs = lines.filter((line) => /\bReading package lists\.\.\./.test(line)).length;
  const installed = lines.flatMap((line) => {
    const [, name, version] = /\bSetting up ([^\s:]+)(?::\S+)? \((\S+)\) \.\.\./.exec(line) ?? [];
    return name === undefined ? [] : [`${name} ${version}`];
  });
  const fetched = lines.map((line) => {
    const [, number = "0", unit = "B"] = /\bFetched ([\d.,]+) (\w+) in /.exec(line) ?? [];
    return Number(number.replaceAll(",", "")) * (units[unit] ?? Number.NaN);
  });
  return { runs, installed, fetched: fetched.reduce((sum, bytes) => sum + bytes, 0) };
}
