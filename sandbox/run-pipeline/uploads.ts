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

interface FileJob {
  extends?: string;
  needs?: { job: string }[];
  variables?: Record<string, string>;
}

/**
 * What the upload jobs of a finished pipeline were given to publish.
 * @param clone The folder of its `.gitlab-ci.yml`.
 * @param artifacts A folder for each job, as gitlab-ci-local leaves them.
 */
export async function readUploads(clone: string, artifacts: string): Promise<Upload[]> {
  const jobs = parse(await readFile(join(clone, ".gitlab-ci.yml"), "utf8")) as Record<
    string,
    FileJob
  >;
  const uploads: Upload[] = [];
  for (const { extends: template = "", needs, variables } of Object.values(jobs)) {
    const { CODENAME, PUBLISH_PREFIX, PUBLISH_COMPONENT } = {
      ...jobs[template]?.variables,
      ...variables,
    };
    if (CODENAME === undefined || PUBLISH_COMPONENT === undefined || !needs?.[0]) continue;
    const manifest = join(artifacts, needs[0].job, "packages/manifest");
    uploads.push({
      codename: CODENAME,
      prefix: PUBLISH_PREFIX ?? "",
      component: PUBLISH_COMPONENT,
      packages: readManifest(await readFile(manifest, "utf8")),
    });
  }
  return uploads;
}
