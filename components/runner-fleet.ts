import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { Component } from "./base.ts";

export interface RunnerFleetArgs {
  /** The runners in use, and the processes that their jobs run in. */
  readonly members: readonly Resource[];
}

/**
 * The runners that a stack uses at present. Pulumi deletes nothing that a protected resource depends
 * on: a protected fleet keeps its members from `pulumi destroy`, which is refused before anything is
 * deleted. Its members need no protection of their own, so one can be replaced or leave the fleet and
 * is deleted in the same update.
 *
 * ```ts
 * new RunnerFleet("runners", { members: [runner] }, { protect: true });
 * ```
 */
export class RunnerFleet extends Component {
  static readonly type = "trunkline:ci:RunnerFleet";

  constructor(name: string, { members }: RunnerFleetArgs, opts?: ComponentResourceOptions) {
    super(RunnerFleet.type, name, { ...opts, dependsOn: [...members] });
    this.registerOutputs({});
  }
}
