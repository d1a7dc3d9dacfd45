import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline as stream } from "node:stream/promises";
import type { Context } from "../context.ts";
import type { Project } from "../entities.ts";
import { parseDuration } from "../lint/duration.ts";
import type { Artifact, Job } from "./rows.ts";
import { jobDirectory } from "./trace.ts";

/** Megabytes that an artifact may have where neither group nor project says otherwise. */
const defaultLimit = 100;
/** Seconds that artifacts are kept by default. */
const defaultLife = 30 * 24 * 60 * 60;

/** Where an artifact of a job lies. */
export function artifactPath(root: string, job: Job, { file_type }: Pick<Artifact, "file_type">) {
  return join(jobDirectory(root, job.id), `artifact-${file_type}`);
}

/**
 * The most bytes an artifact may have.
 *
 * @see https://docs.gitlab.com/administration/settings/continuous_integration/#set-maximum-artifacts-size
 */
export function artifactLimit({ store }: Context, project: Project): number {
  let limit = project.settings.max_artifacts_size;
  let namespace = store.namespaces.get(project.namespace_id);
  while (limit === null && namespace?.kind === "group") {
    limit =
      (namespace.settings as { max_artifacts_size?: number | null }).max_artifacts_size ?? null;
    namespace = store.namespaces.get(namespace.parent_id);
  }
  return (limit ?? defaultLimit) * 1024 * 1024;
}

/** When artifacts of now expire; null for never. */
export function toExpiry({ now }: Context, given: string | null): string | null {
  if (given === "never") return null;
  const life = (given === null ? undefined : parseDuration(given)) ?? defaultLife;
  return new Date(now().getTime() + life * 1000).toISOString();
}

/** Forgets a job's artifacts; told before the files go, so that nobody is sent to one that is gone. */
export async function removeArtifacts({ store, directory }: Context, job: Job): Promise<void> {
  const { artifacts } = job;
  store.jobs.update(job, { artifacts: [] });
  for (const artifact of artifacts) {
    await rm(artifactPath(directory, job, artifact), { force: true });
  }
}

/** An upload that is on disk but not yet the job's. */
export interface Upload {
  filename: string;
  path: string;
  size: number;
  sha256: string;
}

/** Writes an upload beside the job's artifacts as it comes. */
export async function receiveUpload(
  root: string,
  job: Job,
  name: string,
  filename: string,
  body: Readable,
): Promise<Upload> {
  const folder = jobDirectory(root, job.id);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `incoming-${name}`);
  await stream(body, createWriteStream(path));
  const hash = createHash("sha256");
  await stream(createReadStream(path), hash);
  return { filename, path, size: (await stat(path)).size, sha256: hash.digest("hex") };
}

/** Forgets an upload. */
export async function dropUpload({ path }: Upload): Promise<void> {
  await rm(path, { force: true });
}

/** Makes an upload an artifact of the job; one of the same type and content stays as it is. */
export async function keepUpload(
  context: Context,
  job: Job,
  upload: Upload,
  traits: Pick<Artifact, "file_type" | "file_format">,
): Promise<void> {
  const { filename, path, size, sha256 } = upload;
  await rename(path, artifactPath(context.directory, job, traits));
  const others = job.artifacts.filter((artifact) => artifact.file_type !== traits.file_type);
  const artifact: Artifact = { ...traits, filename, size, sha256 };
  context.store.jobs.update(job, { artifacts: [...others, artifact] });
}
