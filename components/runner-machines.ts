import type { types } from "@pulumi/command";
import type { Input } from "@pulumi/pulumi";

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
