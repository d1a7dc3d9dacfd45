/** One mistake in what a user wrote. */
export interface Fault {
  /** Where the user finds it, for example `trunkline:packages.datahook.buildDepends[1]`. */
  readonly path: string;
  /** What is wrong, with the value quoted: `"Qt 5" is not a Debian package name`. */
  readonly message: string;
  /** What to do, as a full sentence. */
  readonly fix: string;
}

/**
 * Which input was wrong: `configuration` is a stack's configuration, `arguments` what was passed
 * to a component or a function, `pipeline` a pipeline that breaks the handoff rules.
 */
export type ConfigErrorCode = "configuration" | "arguments" | "pipeline";

export interface ConfigErrorOptions {
  readonly code: ConfigErrorCode;
  /** Whose faults these are, for example `Stack "dev"` or `Runner "infra"`. */
  readonly subject: string;
  /** At least one. */
  readonly faults: readonly Fault[];
  /** How many faults the message lists before "and N more". Default: five; the error always carries all. */
  readonly limit?: number;
}

/** A mistake of the user's, never of ours: shown without a stack trace. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: ConfigErrorCode;
  readonly faults: readonly Fault[];

  constructor({ code, subject, faults, limit = 5 }: ConfigErrorOptions) {
    super(toMessage(subject, faults, limit));
    this.code = code;
    this.faults = faults;
  }
}

function toMessage(subject: string, faults: readonly Fault[], limit: number): string {
  const [only] = faults;
  if (only !== undefined && faults.length === 1) return `${subject}: ${toSentence(only)}`;

  const bullets = faults.slice(0, limit).map((fault) => `  - ${toSentence(fault)}`);
  const hidden = faults.length - bullets.length;
  if (hidden > 0) bullets.push(`  - and ${hidden} more`);
  return [`${subject}: ${faults.length} faults.`, ...bullets].join("\n");
}

export function toSentence({ path, message, fix }: Fault): string {
  return `${path} ${message}. ${fix}`;
}
