import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { Component } from "./base.ts";

export interface DestroyGuardArgs {
  /** What is to be there as long as the guard is. */
  readonly members: readonly Resource[];
}

/**
 * Keeps a whole stack from `pulumi destroy`, which is refused before anything is deleted: Pulumi deletes
 * nothing that a protected resource depends on. Its members need no protection of their own, so each can
 * be changed, replaced or removed by an update. Its name is what Pulumi's refusal shows.
 *
 * ```ts
 * new DestroyGuard("trunkline:protect", { members: [group] }, { protect: true });
 * ```
 */
export class DestroyGuard extends Component {
  static readonly type = "trunkline:index:DestroyGuard";

  constructor(name: string, { members }: DestroyGuardArgs, opts?: ComponentResourceOptions) {
    super(DestroyGuard.type, name, { ...opts, dependsOn: [...members] });
    this.registerOutputs({});
  }
}
