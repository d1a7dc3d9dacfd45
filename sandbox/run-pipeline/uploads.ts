import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type ManifestEntry, readManifest } from "../../pipeline/handoff.ts";

/** What one upload job published, and where. */
export interface Upload {
  codename: string;
  /** `""` for the root. */
  prefix: string;
  component: string;
  packages: readonly ManifestEntry[];
}

interface PipelineFile {
  [job: string]: unknown;
  variables?: Record<string, string>;
}

interface UploadJob {
  needs: (string | { job: string })[];
  variables: { CODENAME: string; PUBLISH_SEGMENTS: string; PACKAGES_FROM?: string };
}

/**
 * What the upload jobs of a finished pipeline were given to publish.
 * @param clone The folder of its `.gitlab-ci.yml`.
 * @param artifacts A folder for each job, as gitlab-ci-local leaves them.
 * @throws Error where the file has no upload job, since then nothing would be looked at.
 */
export async function readUploads(clone: string, artifacts: string): Promise<Upload[]> {
  const text = await readFile(join(clone, ".gitlab-ci.yml"), "utf8");
  // yaml warns of GitLab's tag !reference, which no upload job's needs and variables have.
  const { variables = {}, ...jobs }: PipelineFile = parse(text, { logLevel: "error" });
  const found = Object.values(jobs).filter(isUploadJob);
  if (found.length === 0) throw new Error(`${clone}/.gitlab-ci.yml has no upload job`);
  return Promise.all(
    found.map(async (job) => ({
      codename: job.variables.CODENAME,
      prefix: variables.PUBLISH_PREFIX ?? "",
      component: variables.PUBLISH_COMPONENT ?? "main",
      packages: await readManifests(job, artifacts),
    })),
  );
}

/** The job that a package's file gives a place to publish. */
function isUploadJob(job: unknown): job is UploadJob {
  const { variables } = (job ?? {}) as Partial<UploadJob>;
  return variables?.PUBLISH_SEGMENTS !== undefined;
}

/** An upload takes its packages from the first jobs that it needs, one for each architecture that it names. */
async function readManifests({ needs, variables }: UploadJob, artifacts: string) {
  const files = variables.PACKAGES_FROM?.split(" ").map((each) => `manifest.${each}`);
  const manifests = (files ?? ["manifest"]).map(async (file, index) => {
    const source = needs[index];
    if (source === undefined)
      throw new Error("an upload job lacks a job that it takes packages from");
    const job = typeof source === "string" ? source : source.job;
    return readManifest(await readFile(join(artifacts, job, "packages", file), "utf8"));
  });
  return (await Promise.all(manifests)).flat();
}
