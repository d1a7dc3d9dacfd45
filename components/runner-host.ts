import type { remote } from "@pulumi/command";
import type * as docker from "@pulumi/docker";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { planRunnerHost } from "../runner/pinned-images.ts";
import { Component } from "./base.ts";
import { createRunnerContainer, type RunnerContainerTransforms } from "./runner-container.ts";
import type { DockerMachine, SshMachine } from "./runner-machines.ts";
import { createRunnerService, type RunnerServiceTransforms } from "./runner-service.ts";

export type { DockerMachine, RunnerPackage, SshMachine } from "./runner-machines.ts";

export type RunnerHostArgs = {
  /** The runner's `config.toml`, as `Runner` gives it. */
  readonly config: Input<string>;
  /**
   * Seconds that running jobs get when the runner stops or is replaced: not less than the longest job
   * takes. Default: 3600.
   */
  readonly graceSeconds?: number;
} & (
  | {
      readonly docker: DockerMachine;
      /** Changes to the resources that it is made of. Default: none. */
      readonly transform?: RunnerContainerTransforms;
    }
  | {
      readonly ssh: SshMachine;
      /** Changes to the resources that it is made of. Default: none. */
      readonly transform?: RunnerServiceTransforms;
    }
);

/**
 * The process of a runner: a container on a Docker host, or a service of its own on a machine.
 *
 * ```ts
 * const digest = `sha256:${"0".repeat(64)}`;
 * new RunnerHost("infra", {
 *   config: runner.config,
 *   docker: { image: `gitlab/gitlab-runner:v19.4.0@${digest}` },
 * });
 * new RunnerHost("metal", {
 *   config: runner.config,
 *   ssh: { connection: { host: "metal.example.com", user: "deploy", hostKey }, package: {} },
 * });
 * ```
 */
export class RunnerHost extends Component {
  static readonly type = "trunkline:ci:RunnerHost";
  readonly nodes: {
    readonly container?: docker.Container;
    readonly installation?: remote.Command;
    readonly service?: remote.Command;
  };

  constructor(name: string, args: RunnerHostArgs, opts?: ComponentResourceOptions) {
    super(RunnerHost.type, name, opts);
    const { config, graceSeconds } = args;
    const grace = graceSeconds === undefined ? {} : { graceSeconds };
    if ("docker" in args) {
      const plan = this.plan(planRunnerHost, { ...grace, image: args.docker.image });
      const { transform } = args;
      const machine = { ...args.docker, ...plan, config, transform };
      this.nodes = createRunnerContainer(name, machine, this);
    } else {
      const plan = this.plan(planRunnerHost, { ...grace, service: name });
      const { transform } = args;
      const machine = { ...args.ssh, ...plan, config, transform };
      this.nodes = createRunnerService(name, machine, this);
    }
    this.registerOutputs({});
  }
}
