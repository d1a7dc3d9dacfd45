import * as gitlab from "@pulumi/gitlab";
import {
  all,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  secret,
} from "@pulumi/pulumi";
import { renderRunnerConfig } from "../runner/config-toml.ts";
import { planRunner, type RunnerRequest } from "../runner/plan.ts";
import { generationSuffix } from "../runner/rotation.ts";
import { Component } from "./base.ts";
import { createChild, markOf, type Transform } from "./transform.ts";

/** Whose jobs a runner takes: those of one group, of one project, or of the whole instance. */
export type RunnerScope =
  | { readonly groupId: Input<number> }
  | { readonly projectId: Input<number> }
  | { readonly instance: true };

export interface RunnerArgs extends Omit<RunnerRequest, "hasCacheSecret"> {
  readonly scope: RunnerScope;
  /** GitLab's own address, as the runner's machine reaches it, for example `https://gitlab.example.com`. */
  readonly url: Input<string>;
  /**
   * Raise it by one to replace the runner: the new one is registered and its hosts are updated before
   * the old one is removed. Default: 1.
   */
  readonly generation?: number;
  /** The secret of `cache.accessId`: S3 secret key, Google private key or Azure account key. Default: none. */
  readonly cacheSecret?: Input<string> | undefined;
  /** Changes to the resource that it is made of. Default: none. */
  readonly transform?: { readonly registration?: Transform<gitlab.UserRunnerArgs> };
}

/**
 * A registered runner and the `config.toml` that its machine needs.
 *
 * ```ts
 * new Runner("infra", {
 *   description: "infra", tags: ["infra"], image: "debian:bookworm",
 *   scope: { groupId: 7 }, url: "https://gitlab.example.com",
 * });
 * ```
 */
export class Runner extends Component {
  static readonly type = "trunkline:ci:Runner";
  /** The `glrt-` token; secret. */
  readonly token: Output<string>;
  /** The whole `config.toml`; secret, since it carries the token. */
  readonly config: Output<string>;
  readonly nodes: { readonly registration: gitlab.UserRunner };

  constructor(name: string, args: RunnerArgs, opts?: ComponentResourceOptions) {
    super(Runner.type, name, opts);
    const parent = this;
    const { scope, url, generation = 1, cacheSecret, transform, ...request } = args;
    const plan = this.plan(planRunner, { ...request, hasCacheSecret: cacheSecret !== undefined });
    const registration = createRegistration();
    this.token = secret(registration.token);
    this.config = secret(
      all([url, registration.token, cacheSecret]).apply(([address, token, key]) =>
        renderRunnerConfig(plan, { url: address, token, cacheSecret: key }),
      ),
    );
    this.nodes = { registration };
    this.registerOutputs({ token: this.token, config: this.config });

    function createRegistration() {
      return createChild(gitlab.UserRunner, transform?.registration, (child) => ({
        maintenanceNote: markOf(child),
      }))(
        `${name}-registration${generationSuffix(generation)}`,
        {
          ...toScope(scope),
          description: plan.description,
          tagLists: [...plan.tags],
          untagged: plan.runUntagged,
          accessLevel: plan.protected ? "ref_protected" : "not_protected",
          paused: plan.paused,
          locked: plan.locked,
          ...(plan.maximumTimeout !== undefined && { maximumTimeout: plan.maximumTimeout }),
          ...(plan.maintenanceNote !== undefined && { maintenanceNote: plan.maintenanceNote }),
        },
        { parent },
      );
    }
  }
}

function toScope(scope: RunnerScope) {
  if ("groupId" in scope) return { runnerType: "group_type", groupId: output(scope.groupId) };
  if ("projectId" in scope) {
    return { runnerType: "project_type", projectId: output(scope.projectId) };
  }
  return { runnerType: "instance_type" };
}
