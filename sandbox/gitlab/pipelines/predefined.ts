import type { Project, Runner, User } from "../entities.ts";
import type { GitCommit } from "../git/log.ts";
import { projectPath } from "../paths.ts";
import type { Store } from "../store.ts";
import type { JobSpec } from "./job-spec.ts";
import { isProtectedRef } from "./ref.ts";
import type { Job, Pipeline } from "./rows.ts";
import { type JobVariable, toVariable, toVariables } from "./variables.ts";

/** https://docs.gitlab.com/ci/variables/predefined_variables/ */

/** The version that the sandbox says it is. */
const version = { major: "18", minor: "0", patch: "0" };

/** Of the instance, the project, the commit and the pipeline. */
export function pipelineVariables(
  store: Store,
  url: string,
  pipeline: Pipeline,
  commit: GitCommit,
): JobVariable[] {
  const project = store.projects.require(pipeline.project_id);
  return [
    ...serverVariables(url),
    ...projectVariables(store, url, project),
    ...commitVariables(store, project, pipeline, commit),
    ...toVariables({
      CI_PIPELINE_ID: `${pipeline.id}`,
      CI_PIPELINE_IID: `${pipeline.iid}`,
      CI_PIPELINE_SOURCE: pipeline.source,
      CI_PIPELINE_CREATED_AT: pipeline.created_at,
      CI_PIPELINE_SCHEDULE_DESCRIPTION: store.schedules.get(pipeline.schedule_id ?? null)
        ?.description,
      CI_PIPELINE_URL: `${url}/${projectPath(store, project)}/-/pipelines/${pipeline.id}`,
    }),
    ...userVariables(store.users.require(pipeline.user_id)),
  ];
}

function serverVariables(url: string): JobVariable[] {
  const { hostname, host, port, protocol } = new URL(url);
  const scheme = protocol.replace(":", "");
  return toVariables({
    CI: "true",
    GITLAB_CI: "true",
    GITLAB_FEATURES: "",
    CI_SERVER: "yes",
    CI_SERVER_NAME: "GitLab",
    CI_SERVER_URL: url,
    CI_SERVER_HOST: hostname,
    CI_SERVER_FQDN: host,
    CI_SERVER_PORT: port || (scheme === "https" ? "443" : "80"),
    CI_SERVER_PROTOCOL: scheme,
    CI_SERVER_VERSION: Object.values(version).join("."),
    CI_SERVER_VERSION_MAJOR: version.major,
    CI_SERVER_VERSION_MINOR: version.minor,
    CI_SERVER_VERSION_PATCH: version.patch,
    CI_API_V4_URL: `${url}/api/v4`,
    CI_API_GRAPHQL_URL: `${url}/api/graphql`,
  });
}

function projectVariables(store: Store, url: string, project: Project): JobVariable[] {
  const path = projectPath(store, project);
  const namespace = path.slice(0, path.lastIndexOf("/"));
  return toVariables({
    CI_PROJECT_ID: `${project.id}`,
    CI_PROJECT_NAME: project.path,
    CI_PROJECT_TITLE: project.name,
    CI_PROJECT_DESCRIPTION: project.description ?? "",
    CI_PROJECT_PATH: path,
    CI_PROJECT_PATH_SLUG: toSlug(path),
    CI_PROJECT_NAMESPACE: namespace,
    CI_PROJECT_NAMESPACE_ID: `${project.namespace_id}`,
    CI_PROJECT_ROOT_NAMESPACE: path.split("/")[0],
    CI_PROJECT_URL: `${url}/${path}`,
    CI_PROJECT_VISIBILITY: project.visibility,
    CI_DEFAULT_BRANCH: project.default_branch,
    CI_CONFIG_PATH: project.settings.ci_config_path || ".gitlab-ci.yml",
  });
}

function commitVariables(
  store: Store,
  project: Project,
  pipeline: Pipeline,
  { message, author }: GitCommit,
): JobVariable[] {
  const { ref, tag, sha, before_sha } = pipeline;
  const [title = "", ...rest] = message.trimEnd().split("\n");
  return toVariables({
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: sha.slice(0, 8),
    CI_COMMIT_BEFORE_SHA: before_sha,
    CI_COMMIT_REF_NAME: ref,
    CI_COMMIT_REF_SLUG: toSlug(ref),
    CI_COMMIT_BRANCH: tag ? undefined : ref,
    CI_COMMIT_TAG: tag ? ref : undefined,
    CI_COMMIT_REF_PROTECTED: String(isProtectedRef(store, project, pipeline)),
    CI_COMMIT_MESSAGE: message,
    CI_COMMIT_TITLE: title,
    CI_COMMIT_DESCRIPTION: rest.join("\n").trimStart(),
    CI_COMMIT_AUTHOR: `${author.name} <${author.email}>`,
    CI_COMMIT_TIMESTAMP: author.date,
  });
}

function userVariables({ id, email, username, name }: User): JobVariable[] {
  return toVariables({
    GITLAB_USER_ID: `${id}`,
    GITLAB_USER_EMAIL: email,
    GITLAB_USER_LOGIN: username,
    GITLAB_USER_NAME: name,
  });
}

/** Of a job that is not made yet: what its rules may ask for. */
export function specVariables(spec: JobSpec): JobVariable[] {
  const { environment } = spec;
  return toVariables({
    CI_JOB_NAME: spec.name,
    CI_JOB_NAME_SLUG: toSlug(spec.name),
    CI_JOB_STAGE: spec.stage,
    CI_JOB_MANUAL: spec.when === "manual" ? "true" : undefined,
    CI_NODE_INDEX: spec.node && `${spec.node.index}`,
    CI_NODE_TOTAL: `${spec.node?.total ?? 1}`,
    CI_JOB_IMAGE: spec.image?.name,
    CI_JOB_TIMEOUT: spec.timeout === null ? undefined : `${spec.timeout}`,
    CI_ENVIRONMENT_NAME: environment?.name,
    CI_ENVIRONMENT_SLUG: environment ? toSlug(environment.name).slice(0, 24) : undefined,
    CI_ENVIRONMENT_ACTION: environment?.action,
    CI_ENVIRONMENT_URL: environment?.url ?? undefined,
  });
}

/** Of a job that a runner has taken. */
export function jobVariables(
  store: Store,
  url: string,
  job: Job,
  runner: Runner,
  token: string,
): JobVariable[] {
  const path = projectPath(store, store.projects.require(job.project_id));
  const hidden = { public: false, masked: true };
  return [
    ...toVariables({
      CI_JOB_ID: `${job.id}`,
      CI_JOB_URL: `${url}/${path}/-/jobs/${job.id}`,
      CI_JOB_STARTED_AT: job.started_at ?? undefined,
      CI_RUNNER_ID: `${runner.id}`,
      CI_RUNNER_DESCRIPTION: runner.description ?? "",
      CI_RUNNER_TAGS: JSON.stringify(runner.tag_list),
    }),
    toVariable("CI_JOB_TOKEN", token, hidden),
    toVariable("CI_REPOSITORY_URL", repositoryUrl(url, path, token), hidden),
    ...registryVariables(url, path, token),
  ];
}

/** Where the repository is cloned from, with the job's own credentials. */
export function repositoryUrl(url: string, path: string, token: string): string {
  const address = new URL(`${url}/${path}.git`);
  address.username = "gitlab-ci-token";
  address.password = token;
  return address.href;
}

function registryVariables(url: string, path: string, token: string): JobVariable[] {
  const registry = registryOf(url);
  return [
    ...toVariables({
      CI_REGISTRY: registry,
      CI_REGISTRY_IMAGE: `${registry}/${path}`,
      CI_REGISTRY_USER: "gitlab-ci-token",
    }),
    toVariable("CI_REGISTRY_PASSWORD", token, { public: false, masked: true }),
  ];
}

/** The registry's host and port: the sandbox's stands beside it, on port 5050. */
export function registryOf(url: string): string {
  return `${new URL(url).hostname}:5050`;
}

/** `Feature/x_1` as part of host names: `feature-x-1`. */
export function toSlug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "-")
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, "");
}
