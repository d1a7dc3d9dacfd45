import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { toolchainPath } from "../../toolchain/paths.ts";
import { type CiVariable, redact, renderSecretsFile, renderVariablesFile } from "./ci-variables.ts";
import type { Docker } from "./docker-engine.ts";
import { PipelineError } from "./pipeline-error.ts";

export interface RunJobsArgs {
  docker: Docker;
  /** A clone of the project; its `.gitlab-ci.yml` is run. */
  clone: string;
  /** Where caches, artifacts and logs stay, beside the clone. */
  state: string;
  /** Where secrets lie while the jobs run. */
  secrets: string;
  variables: readonly CiVariable[];
  /** Lets git fetch what the pipeline includes of other projects; see `gitEnvironment`. */
  git: Record<string, string>;
  /** An image with bash and rsync. */
  helperImage: string;
  /** Told each line of the jobs' logs, masked values hidden. */
  report: (line: string) => void;
}

const dockerCommand = "docker-with-secrets";

/**
 * Runs every job of a clone's pipeline, each in its image and with a copy of the clone of its own,
 * those that do not wait for another at once.
 * https://github.com/firecow/gitlab-ci-local
 * @throws PipelineError `jobs-failed`.
 */
export async function runJobs(args: RunJobsArgs): Promise<void> {
  const { docker, clone, state, secrets, variables, git, helperImage, report } = args;
  await rm(secrets, { recursive: true, force: true });
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  try {
    const variablesFile = await writeVariables(secrets, variables);
    const list = [
      ...["--state-dir", state, "--home", secrets],
      ...["--variables-file", variablesFile, "--helper-image", helperImage],
      ...["--network", "host", "--container-executable", dockerCommand, "--timestamps"],
    ];
    const jobs = execa("gitlab-ci-local", list, {
      cwd: clone,
      env: { PATH: `${secrets}:${toolchainPath()}`, ...docker.environment, ...git },
      stdin: "ignore",
      all: true,
      reject: false,
    });
    for await (const line of jobs.iterable({ from: "all" })) report(redact(line, variables));
    const { exitCode } = await jobs;
    if (exitCode === 0) return;
    throw new PipelineError(
      "jobs-failed",
      `pipeline: a job failed. The lines above say why; whole logs are in ${join(clone, state, "output")}.`,
    );
  } finally {
    await rm(secrets, { recursive: true });
  }
}

/**
 * gitlab-ci-local gives every variable that it knows to Docker on a command line, which other users
 * of the machine can read. So it does not know the masked ones: Docker takes them from a file.
 */
async function writeVariables(folder: string, variables: readonly CiVariable[]): Promise<string> {
  const secretsFile = join(folder, "secrets.env");
  const variablesFile = join(folder, "variables.yml");
  await writeFile(secretsFile, renderSecretsFile(variables), { mode: 0o600 });
  await writeFile(variablesFile, renderVariablesFile(variables), { mode: 0o600 });
  const script = `#!/bin/sh
if [ "$1" = create ]; then
  shift
  set -- create --env-file '${secretsFile}' "$@"
fi
exec docker "$@"
`;
  await writeFile(join(folder, dockerCommand), script, { mode: 0o700 });
  return variablesFile;
}
