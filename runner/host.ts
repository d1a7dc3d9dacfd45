import { z } from "zod";
import type { Fault } from "../validation/config-error.ts";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";
import { checkPinned } from "./pinned-images.ts";

const port = z.int().min(1).max(65535);

const docker = z.strictObject({
  engine: text(rule.dockerEngine).optional().meta({
    description: "Address of the Docker engine: `ssh://user@host`, `unix:///…` or `tcp://…`.",
    unset: "the environment's `DOCKER_HOST`",
  }),
  image: text(rule.imageReference).meta({
    description: "Image with gitlab-runner as its entry point, by digest.",
  }),
  ports: z.array(port).default([]).meta({
    description:
      "Ports to open, for `sessionServer` and `listenAddress`. With any, a changed runner starts only after the old one has ended its jobs.",
  }),
});

const ssh = z.strictObject({
  host: z.string().min(1).meta({ description: "Name or address of the machine." }),
  port: port.default(22).meta({ description: "Port of its SSH server." }),
  user: z.string().min(1).meta({ description: "Who signs in there." }),
  hostKey: z.string().min(1).meta({
    description: "The machine's public key, as `ssh-keyscan` prints it: `ssh-ed25519 AAAA…`.",
  }),
  privateKey: z.string().min(1).optional().meta({
    description: "Key to sign in with; set it with `pulumi config set --secret --path`.",
    unset: "those of the SSH agent",
    keepsSecret: true,
  }),
  sudo: z.boolean().default(true).meta({ description: "Become root by `sudo -n`." }),
  package: z
    .strictObject({
      version: z.string().min(1).optional().meta({
        description: "Exact version of the package.",
        unset: "any",
      }),
      source: z
        .strictObject({
          line: z
            .string()
            .regex(/^\S+ \S+ \S+$/)
            .meta({
              description: "URI, suite and component of the apt repository that has it.",
            }),
          key: z.string().min(1).meta({ description: "The repository's public key, armoured." }),
        })
        .optional()
        .meta({ description: "Where it comes from.", unset: "what the machine knows" }),
    })
    .optional()
    .meta({ description: "Install gitlab-runner.", unset: "it is there already" }),
});

/** Where the runner's process is: in a container or on a machine. */
export const host = z.strictObject({
  docker: docker.optional().meta({ description: "A container on a Docker host.", unset: "none" }),
  ssh: ssh.optional().meta({ description: "A service on a machine over SSH.", unset: "none" }),
  graceSeconds: z.int().min(1).default(3600).meta({
    description: "Seconds that running jobs get when it stops or is replaced.",
  }),
});

export type HostSettings = z.output<typeof host>;

/** Faults of a host, with paths from the runner on. */
export function checkHost(settings: HostSettings | undefined): Fault[] {
  if (settings === undefined) return [];
  const { docker: container, ssh: machine } = settings;
  if ((container === undefined) === (machine === undefined)) {
    const message =
      container === undefined ? "is neither docker nor ssh" : "is both docker and ssh";
    return [{ path: "host", message, fix: "Give one of the two." }];
  }
  return container ? checkPinned("host.docker.image", container.image) : [];
}
