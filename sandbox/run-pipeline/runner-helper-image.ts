import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Docker } from "./docker-engine.ts";
import { makeImage } from "./make-image.ts";

export interface RunnerHelperArgs {
  docker: Docker;
  /** Path of the program gitlab-runner, which can be its own helper. */
  program: string;
  /** The image to make it from. */
  base: string;
  /** The registry to push it to, host and port, where runners find it. */
  registry: string;
}

/** `gitlab-runner-build` runs a stage that is not the job's own, with files that its user can write. */
const script = `
apt-get update
apt-get install --yes --no-install-recommends ca-certificates git
cat >/usr/bin/gitlab-runner-build <<'EOF'
#!/bin/sh
umask 0000
exec /bin/bash
EOF
chmod 0755 /usr/bin/gitlab-runner-build
`;

/**
 * An image in which the executor `docker` clones sources and moves artifacts: git and the runner's
 * own program under the helper's name.
 * https://docs.gitlab.com/runner/configuration/advanced-configuration/#helper-image
 * @returns Its name.
 */
export async function ensureRunnerHelper(args: RunnerHelperArgs): Promise<string> {
  const { docker, program, base, registry } = args;
  const digest = createHash("sha256")
    .update(await readFile(program))
    .digest("hex");
  const image = `${registry}/gitlab-runner-helper:${digest.slice(0, 12)}`;
  if ((await docker.run(["image", "ls", "--quiet", image])) === "") {
    const files = { "/usr/bin/gitlab-runner-helper": program };
    await makeImage(docker, { image, base, script, files, changes: ['CMD ["/bin/bash"]'] });
  }
  await docker.run(["push", "--quiet", image]);
  return image;
}
