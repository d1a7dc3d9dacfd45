import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readIfPresent } from "../services/process-record.ts";
import type { Docker } from "./docker-engine.ts";
import type { GitLabAccess } from "./gitlab-calls.ts";
import { type PipelineProject, readProject } from "./gitlab-project.ts";
import { runJobs } from "./jobs.ts";
import { ensureHelperImage } from "./make-image.ts";
import { proveInstallation } from "./proof.ts";
import { type RegisteredRunners, runOnRunners } from "./runner-jobs.ts";
import { cloneProject, connectGit, gitEnvironment, pushSource } from "./source.ts";
import { readUploads, type Upload } from "./uploads.ts";

export interface RunPipelineArgs {
  /** `group/project`. */
  project: string;
  /** The source tree to push. */
  source: string;
  gitlab: GitLabAccess;
  docker: Docker;
  /** Address of the published repositories. */
  aptUrl: string;
  /** Path of the public key that signs them. */
  keyFile: string;
  /** The image of a distribution with nothing of the team's own. */
  baseImage: (codename: string) => string;
  /** Where the clone, caches, artifacts and logs of this project lie. */
  directory: string;
  /** Take the jobs of GitLab's own pipeline. Default: none; gitlab-ci-local runs the jobs. */
  runners?: RegisteredRunners;
  /** Told what happens, line by line. */
  report: (line: string) => void;
}

/** The way from a push to an installed package, once through. */
export async function runPipeline(args: RunPipelineArgs): Promise<Upload[]> {
  const { source, directory, runners, report } = args;
  const clone = join(directory, "clone");
  const project = await readProject(args.gitlab, args.project);
  const git = connectGit(args.gitlab.token);

  const pushed = await pushSource(git, project, { source, folder: clone });
  report(
    `${project.pathWithNamespace}: ${pushed ? "source pushed; .gitlab-ci.yml and .gitlab/ kept" : "source is there already"}`,
  );
  await cloneProject(git, project, clone);

  const artifacts = runners
    ? await runOnRunners(runners, {
        ...args,
        project,
        commit: await git(["rev-parse", "HEAD"], clone),
      })
    : await runHere(args, project, clone);

  const uploads = await readUploads(clone, artifacts);
  for (const upload of uploads) report(describe(upload));
  const key = await readFile(args.keyFile, "utf8");
  const check = (await readIfPresent(join(clone, "test/installed.sh"))) ?? "";
  for (const upload of uploads) {
    const image = args.baseImage(upload.codename);
    const printed = await proveInstallation({ ...args, key, image, upload, check });
    report(`${upload.codename}: installed with apt-get in a clean container and used`);
    if (printed !== "") report(printed.replaceAll(/^/gm, "  "));
  }
  return uploads;
}

/** @returns The folder of the jobs' artifacts. */
async function runHere(
  { directory, docker, gitlab, report, baseImage }: RunPipelineArgs,
  { variables }: PipelineProject,
  clone: string,
): Promise<string> {
  const helperImage = await ensureHelperImage(docker, baseImage("trixie"));
  const secrets = join(directory, "secrets");
  const git = gitEnvironment(gitlab.token);
  await runJobs({ docker, clone, state: "../state", secrets, variables, git, helperImage, report });
  return join(directory, "state/artifacts");
}

function describe({ codename, prefix, component, packages }: Upload): string {
  const list = packages.map((each) => `${each.package} ${each.version} (${each.architecture})`);
  const place = prefix === "" ? codename : `${prefix}/${codename}`;
  return `published ${list.join(", ")} in ${place} ${component}`;
}
