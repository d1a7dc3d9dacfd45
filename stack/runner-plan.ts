import type { Configuration } from "../configuration/configuration.ts";
import type { HostSettings } from "../runner/host.ts";
import type { RunnerRequest } from "../runner/plan.ts";
import { mapEntries } from "../validation/entries.ts";

/** A runner to register, and whose jobs it takes. */
export interface PlannedRunner {
  readonly request: RunnerRequest;
  readonly generation: number;
  readonly cacheSecret?: string | undefined;
  readonly scope: "group" | "project" | "instance";
  /** Full path of the group that it serves, for the scope `group`. */
  readonly group: string;
  /** The package whose project it serves, for the scope `project`. */
  readonly package?: string | undefined;
  /** Where its process runs, when this stack brings it there. */
  readonly host?: HostSettings | undefined;
}

/** What each runner but those of others is registered with; jobs that name no image get the first distribution's base image. */
export function planRunners({
  runners,
  distributions,
}: Configuration): Record<string, PlannedRunner> {
  const [first] = Object.values(distributions);
  if (!first) throw new Error("the check let a configuration without distributions through");
  const own = Object.entries(runners).filter(([, { existing }]) => !existing);
  return mapEntries(
    Object.fromEntries(own),
    (_, { existing, scope, group, package: served, generation, cacheSecret, ...written }) => {
      const { architecture, rotation, host, ...settings } = written;
      const request = { ...settings, image: first.baseImage };
      return { request, generation, cacheSecret, scope, group, package: served, host };
    },
  );
}
