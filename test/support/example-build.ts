import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
} from "../../pipeline/debian-package.ts";
import type { Variables } from "../../pipeline/model.ts";
import { repository } from "../../toolchain/paths.ts";
import { createJobDirectory, type JobResult } from "./pipeline-job.ts";

/** An example's source in a clone of its own, which the real compile job builds on this machine. */
export interface ExampleBuild {
  readonly path: string;
  /** Commits what changed below a path, at a time that no other commit has. */
  commit(path: string): Promise<void>;
  compile(variables?: Variables): Promise<JobResult>;
  /** After a commit to the pipeline alone, without what the last one built. */
  compileAgain(): Promise<JobResult>;
  /** What was handed over, by file name. */
  packages(): Promise<Record<string, Buffer>>;
  /** What `dpkg-deb` prints of a package that was handed over. */
  describe(
    option: "--contents" | "--field" | "--info",
    file: string,
    ...words: string[]
  ): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Built for bookworm, whatever this machine is: only versions and names show it.
 * @param environment Variables of every job. Default: none.
 */
export function startExampleBuild(
  example: string,
  changes: Partial<DebianPackagePipelineArgs> = {},
  environment: Variables = {},
): Promise<ExampleBuild> {
  return startBuild(join(repository, "examples", example), example, changes, environment);
}

/** As an example's, for a source in any folder. */
export async function startBuild(
  source: string,
  name: string,
  changes: Partial<DebianPackagePipelineArgs> = {},
  environment: Variables = {},
): Promise<ExampleBuild> {
  const pipeline = debianPackagePipeline({
    package: name,
    targets: [
      { codename: "bookworm", image: "none" },
      { codename: "trixie", image: "none" },
    ],
    tags: [],
    installPrefix: "/opt/trunk30",
    apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
    origin: "a test",
    ...changes,
  });
  const [compileJob = ""] = pipeline.jobs.map(({ name }) => name).filter((name) => name[0] !== ".");
  const job = await createJobDirectory(pipeline);
  await cp(source, job.path, { recursive: true });
  let commits = 0;
  const build: ExampleBuild = {
    path: job.path,
    commit: (path) => commit(job.path, path, ++commits),
    compile: (variables = {}) => job.run(compileJob, { ...environment, ...variables }),
    async compileAgain() {
      await writeFile(join(job.path, ".gitlab-ci.yml"), "# changed\n");
      await build.commit(".gitlab-ci.yml");
      await rm(join(job.path, "build"), { recursive: true });
      return build.compile();
    },
    packages: () => readPackages(join(job.path, "packages")),
    async describe(option, file, ...words) {
      const list = [option, join(job.path, "packages", file), ...words];
      return (await execa("dpkg-deb", list)).stdout;
    },
    remove: job.remove,
  };
  await build.commit(".");
  return build;
}

/** The commands that are not on this machine. */
export async function findMissingCommands(commands: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    commands.map((command) => execa("sh", ["-c", `command -v ${command}`], { reject: false })),
  );
  return commands.filter((_, index) => found[index]?.exitCode !== 0);
}

async function readPackages(folder: string): Promise<Record<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".deb")).sort();
  const entries = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function commit(directory: string, path: string, number: number): Promise<void> {
  const date = `2020-01-01T00:00:0${number}Z`;
  const env = {
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "test",
    GIT_AUTHOR_EMAIL: "test@example.com",
    GIT_COMMITTER_NAME: "test",
    GIT_COMMITTER_EMAIL: "test@example.com",
    GIT_COMMITTER_DATE: date,
  };
  for (const list of [
    ["init", "--quiet"],
    ["add", path],
    ["commit", "--quiet", "-m", date],
  ]) {
    await execa("git", list, { cwd: directory, env });
  }
}
