/** CI Lint. https://docs.gitlab.com/api/lint/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { findProject, role } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import type { Project } from "../entities.ts";
import { isEmpty } from "../git/commit.ts";
import { findCommit } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { flag, parameters, readInput, text } from "../input.ts";
import type { IncludedFile } from "../lint/includes.ts";
import { lintConfig } from "../lint/lint.ts";
import type { Source } from "../lint/sources.ts";
import { lintVariables } from "../pipelines/create.ts";
import { toSource, toSources, withRules } from "../pipelines/sources.ts";
import { origin, refusal } from "../reply.ts";
import { findReadable, requireCommit } from "../repository-access.ts";

const contentInput = parameters({
  content: text,
  dry_run: flag.default(false),
  include_jobs: flag.default(false),
  ref: text.optional(),
});
/** `sha` and `ref` are the older names of `content_ref` and `dry_run_ref`. */
const refInput = parameters({
  content_ref: text.optional(),
  sha: text.optional(),
  dry_run: flag.default(false),
  dry_run_ref: text.optional(),
  ref: text.optional(),
  include_jobs: flag.default(false),
});
const path = "/projects/:id/ci/lint";

export function ciLintRoutes(api: FastifyInstance, context: Context): void {
  api.post(path, async (request) => {
    const { content, include_jobs } = readInput(request, contentInput);
    const project = findProject(request, context, role.developer);
    const directory = repositoryDirectory(context.directory, project.id);
    const commit = await findCommit(directory, project.default_branch);
    const source = toSource(context, project, commit);
    return answer(request, { project, source, ref: project.default_branch }, content, include_jobs);
  });

  api.get(path, async (request) => {
    const input = readInput(request, refInput);
    const { project, directory } = findReadable(request, context);
    if (await isEmpty(directory)) throw refusal.notFound("Repository");
    const ref = input.content_ref ?? input.sha ?? project.default_branch;
    const source = toSource(context, project, await requireCommit(directory, ref));
    const content = await source.read(project.settings.ci_config_path || ".gitlab-ci.yml");
    return answer(request, { project, source, ref }, content ?? "", input.include_jobs);
  });

  async function answer(request: FastifyRequest, at: Place, content: string, withJobs: boolean) {
    const variables = await listVariables(request, at);
    const sources = toSources(context, userOf(request), at.source);
    const facts = withRules(sources, { variables, changed: undefined });
    const { errors, warnings, mergedYaml, jobs, includes } = await lintConfig(content, facts);
    return {
      valid: errors.length === 0,
      errors,
      warnings,
      merged_yaml: mergedYaml,
      includes: includes?.map((file) => toRow(origin(request), file)) ?? null,
      ...(withJobs && { jobs }),
    };
  }

  /** None in an empty repository, where no pipeline can be. */
  async function listVariables(request: FastifyRequest, { project, source, ref }: Place) {
    if (source.sha === undefined) return [];
    const user = userOf(request);
    const wanted = { project, user, source: "push" as const, ref, tag: false, sha: source.sha };
    return lintVariables(context, wanted);
  }
}

/** Where a configuration is linted. */
interface Place {
  project: Project;
  source: Source;
  /** The branch, tag or commit. */
  ref: string;
}

function toRow(address: string, { path: location, other, source, from }: IncludedFile) {
  const url = `${address}/${source.project}/-`;
  return {
    type: other === undefined ? "local" : "file",
    location,
    blob: `${url}/blob/${source.sha}/${location}`,
    raw: `${url}/raw/${source.sha}/${location}`,
    extra: other ?? {},
    context_project: from.project,
    context_sha: from.sha,
  };
}
