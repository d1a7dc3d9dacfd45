import * as gitlab from "@pulumi/gitlab";
import {
  all,
  type ComponentResourceOptions,
  type Input,
  type Output,
  output,
  secret,
} from "@pulumi/pulumi";
import { planRunner, type RunnerRequest, renderRunnerConfig } from "../rules/runner.ts";
import { Component } from "./base.ts";

/** Whose jobs a runner takes: those of one group, of one project, or of the whole instance. */
export type RunnerScope =
  | { readonly groupId: Input<number> }
  | { readonly projectId: Input<number> }
  | { readonly instance: true };

export interface RunnerArgs extends RunnerRequest {
  readonly scope: RunnerScope;
  /** GitLab's own address, as the runner's machine reaches it, for example `https://gitlab.example.com`. */
  readonly url: Input<string>;
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
    const plan = this.plan(planRunner, args);
    const registration = createRegistration();
    this.token = secret(registration.token);
    this.config = secret(
      all([args.url, registration.token]).apply(([url, token]) =>
        renderRunnerConfig(plan, { url, token }),
      ),
    );
    this.nodes = { registration };
    this.registerOutputs({ token: this.token, config: this.config });

    function createRegistration() {
      return new gitlab.UserRunner(
        `${name}-registration`,
        {
          ...toScope(args.scope),
          description: plan.description,
          tagLists: [...plan.tags],
          untagged: plan.runUntagged,
          accessLevel: plan.accessLevel,
          ...(plan.maximumTimeout !== undefined && { maximumTimeout: plan.maximumTimeout }),
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
