import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Docker } from "./docker.ts";

export interface RunnerHelperArgs {
  docker: Docker;
  /** Path of the program gitlab-runner, which can be its own helper. */
  program: string;
  /** The image to make it from. */
  base: string;
  /** The registry to push it to, host and port, where runners find it. */
  registry: string;
}

/** Runs a stage of a job that is not the job's own, with files that its user can write. */
const build = `#!/bin/sh
umask 0000
exec /bin/bash
`;

/**
 * An image in which the executor `docker` clones sources and moves artifacts: git and the runner's
 * own program under the helper's name.
 * https://docs.gitlab.com/runner/configuration/advanced-configuration/#helper-image
 * @returns Its name.
 */
export async function ensureRunnerHelper(args: RunnerHelperArgs): Promise<string> {
  const { docker, program, registry } = args;
  const digest = createHash("sha256")
    .update(await readFile(program))
    .digest("hex");
  const image = `${registry}/gitlab-runner-helper:${digest.slice(0, 12)}`;
  if ((await docker.run(["image", "ls", "--quiet", image])) === "") await make(args, image);
  await docker.run(["push", "--quiet", image]);
  return image;
}

async function make({ docker, program, base }: RunnerHelperArgs, image: string): Promise<void> {
  const install =
    "apt-get update && apt-get install --yes --no-install-recommends ca-certificates git";
  const list = ["create", "--network", "host", base, "sh", "-c", install];
  const container = await docker.run(list);
  const folder = await mkdtemp(join(tmpdir(), "runner-helper-"));
  try {
    const script = join(folder, "gitlab-runner-build");
    await writeFile(script, build, { mode: 0o755 });
    await docker.run(["start", "--attach", container]);
    await docker.run([
      "cp",
      "--follow-link",
      program,
      `${container}:/usr/bin/gitlab-runner-helper`,
    ]);
    await docker.run(["cp", script, `${container}:/usr/bin/gitlab-runner-build`]);
    await docker.run(["commit", "--change", 'CMD ["/bin/bash"]', container, image]);
  } finally {
    await docker.run(["rm", "--force", container]);
    await rm(folder, { recursive: true });
  }
}
