import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureRunnerHelper } from "../../scripts/pipeline/runner-helper-image.ts";
import type { DockerEngine } from "./docker-engine.ts";

export interface RunnerImages {
  /** The runner's own, by digest. */
  readonly runner: string;
  /** The helper of its executor `docker`. */
  readonly helper: string;
}

/** Looks after nothing but the arguments, as the official image's does. */
const entrypoint = `#!/bin/sh
exec gitlab-runner "$@"
`;

/**
 * A stand-in for the official image, which no registry here has: the same program behind the same
 * entry point, init process and arguments. https://docs.gitlab.com/runner/install/docker/
 */
export async function createRunnerImages(
  engine: DockerEngine,
  { program, base, registry }: { program: string; base: string; registry: string },
): Promise<RunnerImages> {
  const docker = { environment: {}, run: (list: readonly string[]) => engine.run(list) };
  const helper = await ensureRunnerHelper({ docker, program, base, registry });
  const image = `${registry}/gitlab-runner:test`;
  const prepare = [
    "apt-get update",
    "apt-get install --yes --no-install-recommends dumb-init",
    "useradd --create-home gitlab-runner",
    "ln -s gitlab-runner-helper /usr/bin/gitlab-runner",
  ];
  const words = ["create", "--network", "host", helper, "sh", "-ec", prepare.join("\n")];
  const container = await engine.run(words);
  const folder = await mkdtemp(join(tmpdir(), "trunkline-image-"));
  try {
    await writeFile(join(folder, "entrypoint"), entrypoint, { mode: 0o755 });
    await engine.run(["start", "--attach", container]);
    await engine.run(["cp", join(folder, "entrypoint"), `${container}:/entrypoint`]);
    const command = ["run", "--user=gitlab-runner", "--working-directory=/home/gitlab-runner"];
    const changes = [
      'ENTRYPOINT ["/usr/bin/dumb-init", "/entrypoint"]',
      `CMD ${JSON.stringify(command)}`,
    ];
    const options = changes.flatMap((change) => ["--change", change]);
    await engine.run(["commit", ...options, container, image]);
    await engine.run(["push", "--quiet", image]);
  } finally {
    await engine.run(["rm", "--force", container]);
    await rm(folder, { recursive: true });
  }
  const digest = ["image", "inspect", "--format", "{{index .RepoDigests 0}}", image];
  return { helper, runner: await engine.run(digest) };
}
