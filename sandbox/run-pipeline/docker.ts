import { ExecaError, execa } from "execa";
import { toolchainPath } from "../../toolchain/paths.ts";
import { dockerService } from "../services/docker.ts";
import type { SandboxLayout } from "../services/layout.ts";
import type { Docker } from "./docker-engine.ts";
import { PipelineError } from "./pipeline-error.ts";

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
