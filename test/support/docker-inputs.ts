import { z } from "zod";

// What the components give their resources; any other input is refused, so that none is left out here.

/** https://www.pulumi.com/registry/packages/docker/api-docs/remoteimage/ */
export const imageInputs = z.strictObject({ name: z.string(), keepLocally: z.literal(true) });

/** https://www.pulumi.com/registry/packages/docker/api-docs/volume/ */
export const volumeInputs = z.strictObject({});

/** https://www.pulumi.com/registry/packages/docker/api-docs/container/ */
export const containerInputs = z.strictObject({
  image: z.string(),
  restart: z.literal("always"),
  entrypoints: z.array(z.string()).optional(),
  capabilities: z.strictObject({ drops: z.array(z.string()) }).optional(),
  securityOpts: z.array(z.string()).optional(),
  stopSignal: z.string().optional(),
  stopTimeout: z.number().optional(),
  destroyGraceSeconds: z.number().optional(),
  tmpfs: z.record(z.string(), z.string()).optional(),
  mounts: z.array(
    z.strictObject({
      type: z.enum(["bind", "volume"]),
      source: z.string(),
      target: z.string(),
      readOnly: z.boolean().optional(),
    }),
  ),
  uploads: z.array(
    z.strictObject({
      file: z.string().startsWith("/"),
      content: z.string().min(1),
      executable: z.boolean().optional(),
      permissions: z.string().optional(),
    }),
  ),
  ports: z
    .array(
      z.strictObject({ internal: z.number(), external: z.number(), ip: z.string().optional() }),
    )
    .optional(),
  healthcheck: z.strictObject({
    tests: z.array(z.string()),
    interval: z.string(),
    timeout: z.string(),
    startPeriod: z.string(),
    retries: z.number(),
  }),
  wait: z.literal(true),
  waitTimeout: z.number(),
});

export type ContainerInputs = z.infer<typeof containerInputs>;

/** Mode of an uploaded file, as Pulumi's plugin sets it. */
export function modeOf({ permissions, executable }: ContainerInputs["uploads"][number]): string {
  return permissions ?? (executable ? "0744" : "0644");
}

/**
 * The body of Docker's `POST /containers/create`.
 * @param network What the container is connected to.
 */
export function toContainer(inputs: ContainerInputs, network: string): object {
  const { healthcheck, ports = [], mounts } = inputs;
  const bindings = ports.map(({ internal, external, ip = "" }) => [
    `${internal}/tcp`,
    [{ HostIp: ip, HostPort: `${external}` }],
  ]);
  return {
    Image: inputs.image,
    Entrypoint: inputs.entrypoints,
    StopSignal: inputs.stopSignal,
    StopTimeout: inputs.stopTimeout,
    ExposedPorts: Object.fromEntries(ports.map(({ internal }) => [`${internal}/tcp`, {}])),
    Healthcheck: {
      Test: healthcheck.tests,
      Interval: nanoseconds(healthcheck.interval),
      Timeout: nanoseconds(healthcheck.timeout),
      StartPeriod: nanoseconds(healthcheck.startPeriod),
      Retries: healthcheck.retries,
    },
    HostConfig: {
      Init: false,
      NetworkMode: network,
      RestartPolicy: { Name: inputs.restart },
      CapDrop: inputs.capabilities?.drops,
      SecurityOpt: inputs.securityOpts,
      Tmpfs: inputs.tmpfs,
      PortBindings: Object.fromEntries(bindings),
      Mounts: mounts.map(({ type, source, target, readOnly = false }) => ({
        Type: type,
        Source: source,
        Target: target,
        ReadOnly: readOnly,
      })),
    },
  };
}

function nanoseconds(duration: string): number {
  const [, seconds] = /^(\d+)s$/.exec(duration) ?? [];
  if (seconds === undefined) throw new Error(`${duration} is not a number of seconds`);
  return Number(seconds) * 1e9;
}
