import { RunError } from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";

/** Every fault of a stack's configuration, as it is shown. */
export function describeFaults(
  { stack }: Pick<Configuration, "stack">,
  faults: readonly Fault[],
): string {
  const subject = `Stack "${stack}"`;
  return new ConfigError({ code: "configuration", subject, faults, limit: faults.length }).message;
}

/** Ends the program with the faults, where there are any. */
export function refuse(configuration: Pick<Configuration, "stack">, faults: readonly Fault[]) {
  // RunError is Pulumi's way to end a program without a stack trace.
  if (faults.length > 0) throw new RunError(describeFaults(configuration, faults));
}
