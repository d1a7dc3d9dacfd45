import * as docker from "@pulumi/docker";
import { type Input, type Resource, secret } from "@pulumi/pulumi";
import type { DockerMachine } from "./runner-machines.ts";
import { createChild, type Transform } from "./transform.ts";

export interface RunnerContainerTransforms {
  readonly image?: Transform<docker.RemoteImageArgs>;
  readonly container?: Transform<docker.ContainerArgs>;
}

export interface RunnerContainerArgs extends DockerMachine {
  readonly config: Input<string>;
  readonly graceSeconds: number;
  readonly transform?: RunnerContainerTransforms | undefined;
}

const configFile = "/etc/gitlab-runner/config.toml";
/** The command succeeds as well when GitLab cannot be reached; only its words tell. */
const isKnown = `gitlab-runner verify --config ${configFile} 2>&1 | grep -qE 'is (valid|alive)'`;
const socket = "/var/run/docker.sock";

/**
 * The container has no name of its own, so that a changed one starts, and answers its health check,
 * before the old one is stopped; that one ends its jobs first.
 */
export function createRunnerContainer(name: string, args: RunnerContainerArgs, parent: Resource) {
  const { graceSeconds, ports = [] } = args;
  const image = createChild(docker.RemoteImage, args.transform?.image)(
    `${name}-image`,
    { name: args.image, keepLocally: true },
    { parent },
  );
  const container = createChild(docker.Container, args.transform?.container)(
    `${name}-container`,
    {
      image: image.imageId,
      restart: "always",
      // https://docs.gitlab.com/runner/commands/#signals
      stopSignal: "SIGQUIT",
      stopTimeout: graceSeconds,
      destroyGraceSeconds: graceSeconds,
      uploads: [{ file: configFile, content: secret(args.config), permissions: "0600" }],
      mounts: (args.socket ?? true) ? [{ type: "bind", source: socket, target: socket }] : [],
      ports: ports.map((port) => ({ internal: port, external: port })),
      healthcheck: {
        tests: ["CMD-SHELL", isKnown],
        interval: "10s",
        timeout: "20s",
        startPeriod: "30s",
        retries: 6,
      },
      wait: true,
      waitTimeout: 180,
    },
    {
      parent,
      additionalSecretOutputs: ["uploads"],
      // Two containers cannot have one port of the machine.
      deleteBeforeReplace: ports.length > 0,
    },
  );
  return { container };
}
