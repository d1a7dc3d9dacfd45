import type { Context } from "../context.ts";
import type { Project, Runner } from "../entities.ts";
import { readCommit } from "../git/log.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { projectPath } from "../paths.ts";
import { artifactTypes } from "./artifact-types.ts";
import { aboveVariables } from "./create.ts";
import { archiveOf, listDependencies, listGivenVariables } from "./dependencies.ts";
import type { ImageSpec } from "./image-spec.ts";
import type { JobSpec } from "./job-spec.ts";
import {
  jobVariables,
  pipelineVariables,
  registryOf,
  repositoryUrl,
  specVariables,
} from "./predefined.ts";
import { isProtectedRef } from "./ref.ts";
import type { Job, Pipeline } from "./rows.ts";
import { givenVariables } from "./stored-variables.ts";
import { expandAll, type JobVariable, layer } from "./variables.ts";

/** Failure reasons that runners may tell, besides those every runner knows. */
const failureReasons = [
  "image_pull_failure",
  "runner_configuration_error",
  "runner_external_dependency_failure",
  "runner_interrupted",
  "unknown_failure",
];

/**
 * What a runner is told of the job it takes.
 *
 * @param url scheme, host and port by which the runner reached the server.
 * @param token the job's token.
 */
export async function toPayload(
  context: Context,
  url: string,
  job: Job,
  runner: Runner,
  token: string,
) {
  const { store } = context;
  const project = store.projects.require(job.project_id);
  const pipeline = store.pipelines.require(job.pipeline_id);
  const path = projectPath(store, project);
  const variables = await listVariables(context, url, job, runner, token);
  const timeout = job.timeout ?? project.settings.build_timeout;
  const isProtected = isProtectedRef(store, project, pipeline);
  return {
    id: job.id,
    token,
    allow_git_fetch: project.settings.build_git_strategy === "fetch",
    job_info: toJobInfo(context, job, project, path, runner),
    git_info: toGitInfo(pipeline, project, variables, isProtected, repositoryUrl(url, path, token)),
    runner_info: { timeout, runner_session_url: null },
    variables,
    steps: toSteps(job.spec, timeout),
    hooks: toHooks(job.spec),
    image: job.spec.image ? toImage(job.spec.image) : { name: "" },
    services: job.spec.services.map(toImage),
    artifacts: toArtifacts(job.spec),
    cache: job.spec.cache.map(({ unprotect, key, ...cache }) => ({
      key:
        unprotect || !project.settings.ci_separated_caches ? key : `${key}${suffix(isProtected)}`,
      ...cache,
    })),
    credentials: [
      { type: "registry", url: registryOf(url), username: "gitlab-ci-token", password: token },
    ],
    dependencies: listDependencies(context, job).flatMap((other) => {
      const archive = archiveOf(context, other);
      if (archive === undefined) return [];
      const artifacts_file = { filename: archive.filename, size: archive.size };
      return [{ id: other.id, name: other.spec.name, token, artifacts_file }];
    }),
    features: {
      trace_sections: true,
      token_mask_prefixes: tokenPrefixes,
      failure_reasons: failureReasons,
    },
  };
}

const tokenPrefixes = ["glpat-", "gldt-", "glrt-", "glcbt-"];

function suffix(isProtected: boolean): string {
  return isProtected ? "-protected" : "-non_protected";
}

/** All variables of a job, each once, the highest of its key. */
async function listVariables(
  context: Context,
  url: string,
  job: Job,
  runner: Runner,
  token: string,
): Promise<JobVariable[]> {
  const { store } = context;
  const project = store.projects.require(job.project_id);
  const pipeline = store.pipelines.require(job.pipeline_id);
  const directory = repositoryDirectory(context.directory, project.id);
  const commit = await readCommit(directory, pipeline.sha);
  const environment = job.spec.environment?.name ?? null;
  return expandAll(
    layer(
      pipelineVariables(store, url, { ...pipeline, user_id: job.user_id }, commit),
      specVariables({ ...job.spec, timeout: job.timeout }),
      job.spec.variables,
      listGivenVariables(context, job),
      jobVariables(store, url, job, runner, token),
      aboveVariables(context, project, pipeline, environment),
      givenVariables(job.variables),
    ),
  );
}

function toJobInfo(
  { store, now }: Context,
  job: Job,
  project: Project,
  path: string,
  runner: Runner,
) {
  const isInstance = runner.runner_type === "instance_type";
  const running = store.jobs.filter(
    (other) =>
      other.project_id === project.id &&
      other.status === "running" &&
      store.runners.get(other.runner_id)?.runner_type === "instance_type",
  );
  const root = store.namespaces.all().find((row) => row.path === path.split("/")[0]);
  return {
    id: job.id,
    name: job.spec.name,
    stage: job.spec.stage,
    pipeline_id: job.pipeline_id,
    project_id: project.id,
    project_name: project.name,
    project_full_path: path,
    namespace_id: project.namespace_id,
    root_namespace_id: root?.id ?? project.namespace_id,
    organization_id: 1,
    user_id: job.user_id,
    instance_id: "sandbox",
    instance_uuid: "sandbox",
    time_in_queue_seconds: (now().getTime() - Date.parse(job.queued_at ?? job.created_at)) / 1000,
    project_jobs_running_on_instance_runners_count: isInstance ? `${running.length}` : "+Inf",
  };
}

function toGitInfo(
  { id, ref, tag, sha, before_sha }: Pipeline,
  project: Project,
  variables: readonly JobVariable[],
  isProtected: boolean,
  repo_url: string,
) {
  const wanted = variables.find(({ key }) => key === "GIT_DEPTH")?.value;
  const depth = Number.parseInt(wanted ?? `${project.settings.ci_default_git_depth ?? 0}`, 10) || 0;
  return {
    repo_url,
    repo_object_format: "sha1",
    ref,
    sha,
    before_sha,
    ref_type: tag ? "tag" : "branch",
    refspecs: [`+refs/pipelines/${id}:refs/pipelines/${id}`, ...branchRefspecs(ref, tag, depth)],
    depth,
    protected: isProtected,
  };
}

function branchRefspecs(ref: string, tag: boolean, depth: number): string[] {
  if (depth === 0) return ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
  return [
    tag ? `+refs/tags/${ref}:refs/tags/${ref}` : `+refs/heads/${ref}:refs/remotes/origin/${ref}`,
  ];
}

function toSteps({ before_script, script, after_script }: JobSpec, timeout: number) {
  const main = { name: "script", script: [...before_script, ...script], timeout };
  const after = { name: "after_script", script: after_script, timeout };
  return [
    { ...main, when: "on_success", allow_failure: false },
    ...(after_script.length > 0 ? [{ ...after, when: "always", allow_failure: true }] : []),
  ];
}

function toHooks({ pre_get_sources_script: script }: JobSpec) {
  return script.length > 0 ? [{ name: "pre_get_sources_script", script }] : [];
}

function toImage({ docker, variables, ...image }: ImageSpec) {
  return {
    ...image,
    ...(variables && {
      variables: Object.entries(variables).map(([key, value]) => ({ key, value, public: true })),
    }),
    ...(docker && { executor_opts: { docker } }),
  };
}

/** An archive where the job names files, and each report by itself. */
function toArtifacts({ artifacts }: JobSpec) {
  if (artifacts === null) return null;
  const { name, expire_in, exclude, reports = [], ...rest } = artifacts;
  const life = expire_in === null ? {} : { expire_in };
  const archive = {
    ...rest,
    ...life,
    ...(name !== null && { name }),
    ...(exclude.length > 0 && { exclude }),
    artifact_type: "archive",
    artifact_format: "zip",
  };
  return [
    ...(rest.untracked || rest.paths.length > 0 ? [archive] : []),
    ...reports.map(({ type, paths }) => {
      const { filename: name, format } = artifactTypes[type];
      const traits = { artifact_type: type, artifact_format: format };
      return { name, paths, when: "always", ...life, ...traits };
    }),
  ];
}
