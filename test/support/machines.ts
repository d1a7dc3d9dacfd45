import { cp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Variables } from "../../pipeline/model.ts";
import {
  buildDebianFile,
  type DebianFile,
  type JobDirectory,
  type JobResult,
} from "./pipeline-job.ts";

/** Compile jobs of several architectures, whose artifacts meet in one directory as GitLab brings them. */
export interface Machines {
  /** Runs a job on a machine of that architecture, with a stand-in for its dpkg and for what compiles. */
  run(job: string, machine: string): Promise<JobResult & { calls: string }>;
  /** Runs a compile job that finds these packages built, and keeps what it hands over. */
  compile(
    job: string,
    machine: string,
    built: readonly DebianFile[],
    variables?: Variables,
  ): Promise<JobResult>;
  /** Brings what the jobs handed over to the next one. */
  bring(): Promise<void>;
}

export async function createMachines(job: JobDirectory): Promise<Machines> {
  const kept = join(job.path, "kept");
  const packages = join(job.path, "packages");
  const stub = `#!/bin/sh
[ "$1" = --print-architecture ] || exec /usr/bin/dpkg "$@"
echo "$MACHINE"
`;
  await writeFile(join(job.path, "tools/dpkg"), stub, { mode: 0o755 });
  const run = (name: string, machine: string, variables: Variables = {}) =>
    job.runWithoutCompiler(name, { MACHINE: machine, ...variables });
  return {
    run,
    async compile(name, machine, built, variables) {
      await rm(join(job.path, "build"), { recursive: true, force: true });
      for (const [index, each] of built.entries()) {
        await buildDebianFile(job.path, `${index}.deb`, each);
      }
      const result = await run(name, machine, variables);
      if (result.exitCode === 0) await cp(packages, kept, { recursive: true });
      return result;
    },
    async bring() {
      await rm(packages, { recursive: true, force: true });
      await cp(kept, packages, { recursive: true });
    },
  };
}

/** What is in a job's folder of packages. */
export async function listPackages({ path }: JobDirectory): Promise<string[]> {
  return (await readdir(join(path, "packages"))).sort();
}
