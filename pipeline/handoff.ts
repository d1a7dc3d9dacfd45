import { ConfigError, type Fault } from "../validation/config-error.ts";
import type { Pipeline } from "./model.ts";
import { type ResolvedJob as Job, resolveJobs } from "./resolve.ts";
import { testStage, uploadStage } from "./stages.ts";

/** Where compile jobs leave packages and manifest; `shell/handoff.sh` uses the same folder. */
const handoffDirectory = "packages";

/**
 * Artifacts of a compile job. Jobs of several architectures meet in one upload job, where each needs a
 * manifest of its own.
 */
export function handoffPathsOf(architecture?: string): readonly string[] {
  const manifest = architecture === undefined ? "manifest" : `manifest.${architecture}`;
  return [`${handoffDirectory}/*.deb`, `${handoffDirectory}/${manifest}`];
}

/** Artifacts of the compile job where there is one for a distribution. */
export const handoffPaths = handoffPathsOf();

function isManifest(path: string): boolean {
  return path.startsWith(`${handoffDirectory}/manifest`);
}

/** The only folder that a cache may hold. */
export const compilerCacheDirectory = ".ccache";

/** One package on its way from a compile job to an upload job: a line of the manifest. */
export interface ManifestEntry {
  /** `<package>_<version>_<architecture>.deb`, without an epoch. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
}

/** Reads a manifest as `write_manifest` of `shell/handoff.sh` writes it. */
export function readManifest(text: string): ManifestEntry[] {
  return text.split("\n").filter(Boolean).map(readLine);
}

function readLine(line: string): ManifestEntry {
  const [sha256, size, file, name, version, architecture, ...rest] = line.split(" ");
  if (!sha256 || !size || !file || !name || !version || !architecture || rest.length > 0) {
    throw new Error(`a manifest line needs six words, got "${line}"`);
  }
  return { file, size: Number(size), sha256, package: name, version, architecture };
}

/** Throws a ConfigError that lists every way in which a pipeline could lose or mix up packages. */
export function checkPipeline(pipeline: Pipeline): void {
  const jobs = resolveJobs(pipeline);
  const inStage = (stage: string) => jobs.filter((job) => job.stage === stage);
  const tests = inStage(testStage);
  const uploads = inStage(uploadStage);
  const faults = [
    ...checkNames(jobs),
    ...jobs.flatMap(checkCache),
    ...checkCacheKeys(jobs),
    ...[...tests, ...uploads].flatMap((job) => checkSource(job, jobs)),
    ...[...tests, ...uploads].flatMap((job) => checkManifests(job, jobs)),
    ...tests.flatMap(checkReports),
    ...uploads.flatMap((upload) => checkTested(upload, tests)),
    ...uploads.flatMap(checkResourceGroup),
    ...uploads.flatMap(checkUploadDirectory),
  ];
  if (faults.length > 0) throw new ConfigError({ code: "pipeline", subject: "Pipeline", faults });
}

function checkNames(jobs: readonly Job[]): Fault[] {
  const names = jobs.map(({ name }) => name);
  return repeated(names).map((name) => ({
    path: `jobs.${name}`,
    message: `"${name}" is the name of two jobs`,
    fix: "Name each job once.",
  }));
}

function checkCache({ name, cache }: Job): Fault[] {
  const foreign = (cache?.paths ?? []).filter(
    (path) => path.replace(/\/$/, "") !== compilerCacheDirectory,
  );
  return foreign.map((path) => ({
    path: `jobs.${name}.cache.paths`,
    message: `"${path}" would travel from job to job through the cache, which may drop it`,
    fix: `Hand it over as an artifact; only ${compilerCacheDirectory} is cached.`,
  }));
}

function checkCacheKeys(jobs: readonly Job[]): Fault[] {
  const keys = jobs.flatMap(({ name, cache }) =>
    cache ? [{ name, key: cache.key.replace("$CI_JOB_NAME", name) }] : [],
  );
  return repeated(keys.map(({ key }) => key)).map((key) => ({
    path: `jobs.${keys.findLast((entry) => entry.key === key)?.name}.cache.key`,
    message: `"${key}" is the cache of two distributions`,
    fix: "Give each distribution a key of its own.",
  }));
}

function checkSource(job: Job, jobs: readonly Job[]): Fault[] {
  const [packages = ""] = handoffPaths;
  const handedOver = listHandedOver(job, jobs);
  if (handedOver.some((paths) => paths.includes(packages) && paths.some(isManifest))) return [];
  const message = "has no compile job that gives it packages and manifest as artifacts";
  const fix = "Name it in needs, with artifacts: true.";
  return [{ path: `jobs.${job.name}.needs`, message, fix }];
}

/** Files of one path would be those of the job that is fetched last. */
function checkManifests(job: Job, jobs: readonly Job[]): Fault[] {
  return repeated(listHandedOver(job, jobs).flat().filter(isManifest)).map((path) => ({
    path: `jobs.${job.name}.needs`,
    message: `gets "${path}" from two jobs, of which one would overwrite the other's`,
    fix: "Let each hand over a manifest of its own.",
  }));
}

/** What the jobs whose artifacts a job gets hand over. */
function listHandedOver(job: Job, jobs: readonly Job[]): (readonly string[])[] {
  const sources = sourcesOf(job).flatMap((source) => jobs.filter(({ name }) => name === source));
  return sources.map(({ artifacts }) => artifacts?.paths ?? []);
}

/** The jobs whose artifacts a job gets. */
function sourcesOf({ needs = [] }: Job): string[] {
  return needs.filter(({ artifacts }) => artifacts).map(({ job }) => job);
}

function checkReports({ name, artifacts }: Job): Fault[] {
  if (artifacts?.when === "always" && artifacts.reports?.junit.length) return [];
  const message = "hands over no JUnit report, or none when it fails";
  const fix = "Name its reports in artifacts.reports.junit, with when: always.";
  return [{ path: `jobs.${name}.artifacts`, message, fix }];
}

function checkTested(upload: Job, tests: readonly Job[]): Fault[] {
  const sources = sourcesOf(upload);
  const needed = (upload.needs ?? []).map(({ job }) => job);
  return tests
    .filter((test) => sourcesOf(test).some((source) => sources.includes(source)))
    .filter(({ name }) => !needed.includes(name))
    .map(({ name }) => ({
      path: `jobs.${upload.name}.needs`,
      message: `does not wait for "${name}", which tests what it uploads`,
      fix: "Name it there, with artifacts: false.",
    }));
}

function checkResourceGroup({ name, resourceGroup }: Job): Fault[] {
  if (resourceGroup !== undefined) return [];
  const fix = "Set it to the published distribution, so that uploads run one at a time.";
  return [{ path: `jobs.${name}.resourceGroup`, message: "is missing", fix }];
}

function checkUploadDirectory({ name, variables }: Job): Fault[] {
  const directory = variables?.UPLOAD_DIRECTORY ?? "";
  if (directory.includes("$CI_JOB_ID")) return [];
  const message = `"${directory}" may be another job's upload directory too`;
  const fix = "Name it after $CI_JOB_ID, which no two jobs share.";
  return [{ path: `jobs.${name}.variables.UPLOAD_DIRECTORY`, message, fix }];
}

function repeated(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))];
}
