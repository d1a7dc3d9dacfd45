import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Pipeline, Variables } from "../../pipeline/model.ts";
import { resolveJobs } from "../../pipeline/resolve.ts";

export interface JobResult {
  readonly exitCode: number | undefined;
  /** Both streams, as a job's log has them. */
  readonly log: string;
}

/** A project directory in which jobs of a pipeline run, one after the other, as a runner runs them. */
export interface JobDirectory {
  readonly path: string;
  /** `variables` are the project's: as in GitLab they win over those of the job itself. */
  run(job: string, variables: Variables, shell?: string): Promise<JobResult>;
  /** Runs a compile job in which cmake, make and ccache only write down their arguments, and what they did. */
  runWithoutCompiler(
    job: string,
    variables?: Variables,
    shell?: string,
  ): Promise<JobResult & { calls: string }>;
  remove(): Promise<void>;
}

export async function createJobDirectory(pipeline: Pipeline): Promise<JobDirectory> {
  // With a space, as people have in the paths of their builds.
  const path = await mkdtemp(join(tmpdir(), "trunkline job-"));
  const tools = join(path, "tools");
  const calls = join(path, "calls");
  await createStubs(tools, calls);

  async function run(name: string, variables: Variables, shell = "sh"): Promise<JobResult> {
    const { script, own } = readJob(pipeline, name);
    const given = { CI_PROJECT_NAME: "ying", ...variables, CI_PROJECT_DIR: path };
    const env = { ...expand(own, given), ...given };
    const result = await execa(shell, ["-c", script], { cwd: path, env, all: true, reject: false });
    return { exitCode: result.exitCode, log: result.all };
  }

  return {
    path,
    run,
    async runWithoutCompiler(name, variables = {}, shell = "sh") {
      await writeFile(calls, "");
      const path = `${tools}:${process.env.PATH}`;
      const result = await run(name, { PATH: path, ...variables }, shell);
      return { ...result, calls: await readFile(calls, "utf8") };
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

async function createStubs(directory: string, calls: string): Promise<void> {
  await mkdir(directory);
  for (const tool of ["cmake", "make", "cpack", "ccache", "apt-get", "git"]) {
    const answer = tool === "git" ? 'case "$*" in *" log "*) echo 0123 1577836800 ;; esac\n' : "";
    const stub = `#!/bin/sh\necho ${tool} "$@" >>'${calls}'\n${answer}`;
    await writeFile(join(directory, tool), stub, { mode: 0o755 });
  }
}

function readJob(pipeline: Pipeline, name: string) {
  const job = resolveJobs(pipeline).find((each) => each.name === name);
  if (job?.script === undefined) throw new Error(`the pipeline has no job "${name}"`);
  const script = [...(job.beforeScript ?? []), ...job.script].join("\n");
  return { script, own: { ...pipeline.variables, ...job.variables } };
}

/** GitLab expands variables in variables before the shell sees them. */
function expand(own: Variables, given: Variables): Variables {
  const fill = (text: string) =>
    text.replaceAll(/\$(\w+)/g, (_, key) => given[key] ?? own[key] ?? "");
  return Object.fromEntries(Object.entries(own).map(([key, text]) => [key, fill(text)]));
}

export interface DebianFile {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  /** Differs where two files of one version must differ. */
  readonly content: string;
  /** Further files by path, and what is in them. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** Modes of files by path, as `chmod` takes them. Default: those of new files. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Further fields. Default: none. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Builds a real .deb as `build/<file>` of a job directory. */
export async function buildDebianFile(directory: string, file: string, deb: DebianFile) {
  const tree = join(directory, "tree");
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  await mkdir(join(directory, "build"), { recursive: true });
  const control = [
    `Package: ${deb.package}`,
    `Version: ${deb.version}`,
    `Architecture: ${deb.architecture}`,
    ...Object.entries(deb.fields ?? {}).map(([field, value]) => `${field}: ${value}`),
    "Maintainer: test <test@example.com>",
    "Description: for a test",
  ];
  await writeFile(join(tree, "DEBIAN", "control"), `${control.join("\n")}\n`);
  for (const [path, text] of Object.entries({ content: deb.content, ...deb.files })) {
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), text);
  }
  for (const [path, mode] of Object.entries(deb.modes ?? {})) await chmod(join(tree, path), mode);
  await execa("dpkg-deb", ["--root-owner-group", "--build", tree, join(directory, "build", file)]);
  await rm(tree, { recursive: true });
}
