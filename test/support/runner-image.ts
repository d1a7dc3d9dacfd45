import { makeImage } from "../../sandbox/run-pipeline/make-image.ts";
import { ensureRunnerHelper } from "../../sandbox/run-pipeline/runner-helper-image.ts";
import type { DockerEngine } from "./docker-engine.ts";

export interface RunnerImages {
  /** The runner's own, by digest. */
  readonly runner: string;
  /** The helper of its executor `docker`. */
  readonly helper: string;
}

/** The entry point looks after nothing but the arguments, as the official image's does. */
const script = `
apt-get update
apt-get install --yes --no-install-recommends dumb-init
useradd --create-home gitlab-runner
ln -s gitlab-runner-helper /usr/bin/gitlab-runner
cat >/entrypoint <<'EOF'
#!/bin/sh
exec gitlab-runner "$@"
EOF
chmod 0755 /entrypoint
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
  const command = ["run", "--user=gitlab-runner", "--working-directory=/home/gitlab-runner"];
  const changes = [
    'ENTRYPOINT ["/usr/bin/dumb-init", "/entrypoint"]',
    `CMD ${JSON.stringify(command)}`,
  ];
  await makeImage(docker, { image, base: helper, script, changes });
  await engine.run(["push", "--quiet", image]);
  const digest = ["image", "inspect", "--format", "{{index .RepoDigests 0}}", image];
  return { helper, runner: await engine.run(digest) };
}
