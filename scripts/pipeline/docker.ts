import { ExecaError, execa } from "execa";
import { dockerService } from "../../sandbox/services/docker.ts";
import type { SandboxLayout } from "../../sandbox/services/layout.ts";
import { toolchainPath } from "../../toolchain/paths.ts";
import { makeImage } from "./make-image.ts";
import { PipelineError } from "./pipeline-error.ts";

/** A Docker engine that answers. */
export interface Docker {
  /** Environment variables that lead Docker's command to it; empty for the user's own engine. */
  environment: Record<string, string>;
  /** Prints nothing itself. @throws PipelineError `docker-failed` with Docker's own words. */
  run(list: readonly string[], options?: DockerOptions): Promise<string>;
}

export interface DockerOptions {
  /** Given to Docker's own process, for `--env NAME` without a value. */
  env?: Record<string, string>;
  /** Standard input. Default: empty. */
  input?: string;
}

/**
 * The engine that this user's Docker command reaches, or else one of the sandbox's own.
 * @throws SandboxError when none answers and none can be started.
 */
export async function ensureDocker(layout: SandboxLayout): Promise<Docker> {
  const found = connect({});
  if (await answers(found)) return found;
  await dockerService(layout).start();
  return connect({ DOCKER_HOST: `unix://${layout.dockerSocket}` });
}

/**
 * A local image with bash and rsync, in which gitlab-ci-local copies files in and out.
 * @param base The image to make it from when it is not there yet.
 * @returns Its name.
 */
export async function ensureHelperImage(docker: Docker, base: string): Promise<string> {
  const image = "trunkline/pipeline-helper:1";
  if ((await docker.run(["image", "ls", "--quiet", image])) !== "") return image;
  const script = "apt-get update && apt-get install --yes --no-install-recommends rsync";
  await makeImage(docker, { image, base, script, changes: ['CMD ["bash"]'] });
  return image;
}

async function answers(docker: Docker): Promise<boolean> {
  try {
    await docker.run(["version"]);
    return true;
  } catch (error) {
    if (error instanceof PipelineError) return false;
    throw error;
  }
}

function connect(environment: Record<string, string>): Docker {
  return {
    environment,
    async run(list, { env, input = "" } = {}) {
      const options = { env: { PATH: toolchainPath(), ...environment, ...env }, input };
      try {
        return (await execa("docker", list, options)).stdout;
      } catch (cause) {
        if (!(cause instanceof ExecaError)) throw cause;
        const output = `${cause.stdout}\n${cause.stderr}`.trim();
        const message = `pipeline: docker ${list[0]} failed: ${output || cause.shortMessage}`;
        throw new PipelineError("docker-failed", message, { cause });
      }
    },
  };
}
