import type { remote, types } from "@pulumi/command";
import type * as docker from "@pulumi/docker";
import type { ComponentResourceOptions, Input } from "@pulumi/pulumi";
import { planRunnerHost } from "../rules/runner-host.ts";
import { Component } from "./base.ts";
import { createRunnerContainer } from "./runner-container.ts";
import { createRunnerService } from "./runner-service.ts";

/** A machine with a Docker engine. Which one: the component's option `providers`, a `docker.Provider`. */
export interface DockerMachine {
  /** Image with gitlab-runner as its entry point, by digest: `gitlab/gitlab-runner:v19@sha256:…`. */
  readonly image: string;
  /**
   * Give the runner the engine's socket, which its executor `docker` needs and no other should have.
   * Default: true.
   */
  readonly socket?: boolean;
  /**
   * Ports of the machine to open, for `sessionServer` and `listenAddress`. With any, a changed runner
   * starts only after the old one has ended its jobs. Default: none.
   */
  readonly ports?: readonly number[];
}

/** Where gitlab-runner's package comes from. */
export interface RunnerPackage {
  /** Exact version, as `apt-cache policy gitlab-runner` prints it. Default: any. */
  readonly version?: string | undefined;
  /** The apt repository that has it. Default: one that the machine knows. */
  readonly source?:
    | {
        /** URI, suite and component: `https://packages.gitlab.com/runner/gitlab-runner/debian bookworm main`. */
        readonly line: string;
        /** The repository's public key, armoured. */
        readonly key: Input<string>;
      }
    | undefined;
}

/** A Debian or Ubuntu machine with systemd, reached over SSH. */
export interface SshMachine {
  /** How to get there. The host's key is not optional: the token is sent to whoever answers. */
  readonly connection: types.input.remote.ConnectionArgs & { readonly hostKey: Input<string> };
  /** Become root by `sudo -n`. Default: true. */
  readonly sudo?: boolean;
  /** Install gitlab-runner. Default: it is there already. */
  readonly package?: RunnerPackage;
}

export type RunnerHostArgs = {
  /** The runner's `config.toml`, as `Runner` gives it. */
  readonly config: Input<string>;
  /**
   * Seconds that running jobs get when the runner stops or is replaced: not less than the longest job
   * takes. Default: 3600.
   */
  readonly graceSeconds?: number;
} & ({ readonly docker: DockerMachine } | { readonly ssh: SshMachine });

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
      this.nodes = createRunnerContainer(name, { ...args.docker, ...plan, config }, this);
    } else {
      const plan = this.plan(planRunnerHost, { ...grace, service: name });
      this.nodes = createRunnerService(name, { ...args.ssh, ...plan, config }, this);
    }
    this.registerOutputs({});
  }
}
