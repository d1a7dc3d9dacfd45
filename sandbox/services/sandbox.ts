import { resolve } from "node:path";
import { repository, toolchainPaths } from "../../toolchain/paths.ts";
import { aptlyService } from "./aptly.ts";
import { baseImagesService } from "./base-images.ts";
import { builderName, buildkitService } from "./buildkit.ts";
import { type Credentials, ensureCredentials } from "./credentials.ts";
import { dockerService } from "./docker.ts";
import { gitlabService } from "./gitlab.ts";
import { type SandboxLayout, sandboxLayout } from "./layout.ts";
import { nginxService } from "./nginx.ts";
import { findFreePorts, type SandboxPorts } from "./ports.ts";
import { registryService } from "./registry.ts";
import { trustedFolders } from "./registry-certificate.ts";
import { SandboxError } from "./sandbox-error.ts";
import type { Service, StartOutcome } from "./service.ts";

/** Every service, in the order of their start. */
const serviceNames = [
  "gitlab",
  "aptly",
  "nginx",
  "registry",
  "buildkit",
  "base-images",
  "docker",
] as const;

export type ServiceName = (typeof serviceNames)[number];

/** All but Docker, which only running pipelines needs. */
const usualServices = serviceNames.filter((name) => name !== "docker");

export interface StartSandboxArgs {
  /** Folder of all data, logs and credentials. */
  directory: string;
  /** `"free"` takes ports that nobody listens on. */
  ports: "free" | SandboxPorts;
  /** Default: all but `docker`. `aptly` is reached through `nginx`, `base-images` need `registry`. */
  services?: readonly ServiceName[];
  /** Debian releases that get a base image. Default: `bookworm` and `trixie`. */
  codenames?: readonly string[];
  /** The aptly program. Default: `aptly`; `aptly-1.6` is the newer line, built for tests. */
  aptlyCommand?: string;
  /** Told of each service as it comes up, or why it does not. Default: nobody. */
  report?: (name: string, sentence: string) => void;
}

/** The addresses of a sandbox. */
export interface SandboxUrls {
  gitlab: string;
  /** aptly's API, ending in `/api`. */
  aptly: string;
  /** The published repositories; the key that signs them is `trunkline.asc` there. */
  apt: string;
  /** Host and port, as image names begin. */
  registry: string;
}

export interface RunningSandbox {
  urls: SandboxUrls;
  /** What the plugins and the image builds read; see {@link sandboxEnvironment}. */
  env: Record<string, string>;
  credentials: Credentials;
  /** Why images cannot be built here; undefined when they can. */
  buildProblem?: string;
  /** Ends every service that was started. Data stays. */
  stop(): Promise<void>;
}

/**
 * Brings up the services of a sandbox, or leaves them alone where they run.
 * @throws SandboxError when a service other than BuildKit does not come up; what this call
 * started is ended first.
 */
export async function startSandbox(args: StartSandboxArgs): Promise<RunningSandbox> {
  const layout = sandboxLayout(resolve(args.directory));
  const ports = args.ports === "free" ? await findFreePorts() : args.ports;
  await ensureCredentials(layout.credentials);
  const services = listServices({ services: usualServices, ...args, ports });
  const started: Service[] = [];
  let buildProblem: string | undefined;
  for (const service of services) {
    if (service.name === "base-images" && buildProblem !== undefined) continue;
    if ((await service.status()).state !== "running") started.push(service);
    let outcome: StartOutcome | undefined;
    try {
      outcome = await service.start();
    } catch (error) {
      if (!(error instanceof SandboxError && error.code === "no-privilege")) {
        await stopAll(started);
        throw error;
      }
      buildProblem = error.message;
    }
    const { detail } = await service.status();
    args.report?.(service.name, outcome === "restarted" ? `${detail}, ${restarted}` : detail);
  }
  const credentials = await ensureCredentials(layout.credentials);
  const env = await sandboxEnvironment(layout, ports);
  const stop = () => stopAll(services);
  return { urls: sandboxUrls(ports), env, credentials, buildProblem, stop };
}

const restarted = "restarted because its code or configuration changed";

/** Ends services in the reverse order of their start. */
export async function stopAll(services: readonly Service[]): Promise<void> {
  for (const service of services.toReversed()) await service.stop();
}

/** The services of a sandbox, in the order of their start. Default: really all. */
export function listServices(args: StartSandboxArgs & { ports: SandboxPorts }): Service[] {
  const { ports, services = serviceNames, codenames = ["bookworm", "trixie"] } = args;
  const layout = sandboxLayout(resolve(args.directory));
  const cache = toolchainPaths().baseImages;
  const all: Record<ServiceName, () => Service> = {
    gitlab: () => gitlabService(layout, ports),
    aptly: () => aptlyService(layout, args.aptlyCommand),
    nginx: () => nginxService(layout, ports),
    registry: () => registryService(layout, ports),
    buildkit: () => buildkitService(layout, ports),
    "base-images": () => baseImagesService(layout, ports, { codenames, cache }),
    docker: () => dockerService(layout),
  };
  return serviceNames.filter((name) => services.includes(name)).map((name) => all[name]());
}

/** The folder of the sandbox that the commands use: `.sandbox`, or `TRUNKLINE_SANDBOX_DIR`. */
export function sandboxDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(repository, environment.TRUNKLINE_SANDBOX_DIR ?? ".sandbox");
}

export function sandboxUrls(ports: SandboxPorts): SandboxUrls {
  return {
    gitlab: `http://127.0.0.1:${ports.gitlab}`,
    aptly: `http://127.0.0.1:${ports.aptly}/api`,
    apt: `http://127.0.0.1:${ports.apt}/`,
    registry: `127.0.0.1:${ports.registry}`,
  };
}

/** The environment variables that connect the plugins and image builds to a sandbox. */
export async function sandboxEnvironment(
  layout: SandboxLayout,
  ports: SandboxPorts,
): Promise<Record<string, string>> {
  const urls = sandboxUrls(ports);
  const credentials = await ensureCredentials(layout.credentials);
  const { state } = await buildkitService(layout, ports).status();
  return {
    GITLAB_BASE_URL: `${urls.gitlab}/api/v4/`,
    GITLAB_TOKEN: credentials.gitlabToken,
    APTLY_URL: urls.aptly,
    APTLY_USERNAME: credentials.aptlyUsername,
    APTLY_PASSWORD: credentials.aptlyPassword,
    APT_URL: urls.apt,
    APT_KEY_FILE: layout.publicKey,
    DOCKER_CONFIG: layout.docker,
    BUILDX_BUILDER: builderName,
    SSL_CERT_DIR: trustedFolders(layout, process.env.SSL_CERT_DIR),
    ...(state === "unavailable" && { TRUNKLINE_IMAGES: "existing" }),
  };
}
