import { readConfiguration } from "../../configuration/configuration.ts";
import { ConfigError, type Fault } from "../../validation/config-error.ts";

/** A day on which bookworm is past its standard support and trixie is not. */
export const today = new Date("2026-11-24");

/** A valid configuration for tests, with the given keys replaced. */
export function example(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const valid = {
    group: "infra",
    registry: "127.0.0.1:5050",
    distributions: { bookworm: { baseImage: "127.0.0.1:5050/debian:bookworm" }, trixie: {} },
    apt: { prefix: "trunk", repository: "infra" },
    runners: { infra: { tags: ["infra"] } },
    packages: {
      ying: { distributions: ["bookworm", "trixie"] },
      datahook: { distributions: ["bookworm", "trixie"], uses: ["ying"] },
    },
  };
  return { ...valid, ...changes };
}

/** The faults of a configuration, none for a valid one. */
export function faultsOf(raw: Readonly<Record<string, unknown>>): readonly Fault[] {
  try {
    readConfiguration(raw, { today, stack: "dev" });
    return [];
  } catch (error) {
    if (error instanceof ConfigError && error.code === "configuration") return error.faults;
    throw error;
  }
}
