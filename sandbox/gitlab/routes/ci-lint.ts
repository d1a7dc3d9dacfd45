/** CI Lint. https://docs.gitlab.com/api/lint/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { findProject, role } from "../access.ts";
import type { Context } from "../context.ts";
import { isEmpty } from "../git/commit.ts";
import { findCommit } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { findFile } from "../git/tree.ts";
import { flag, parameters, readInput, text } from "../input.ts";
import { lintConfig } from "../lint/lint.ts";
import { projectPath } from "../paths.ts";
import { origin, refusal } from "../reply.ts";
import { findReadable, type ProjectRepository, requireCommit } from "../repository-access.ts";

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
    return answer(request, { project, directory }, commit, content, include_jobs);
  });

  api.get(path, async (request) => {
    const input = readInput(request, refInput);
    const repository = findReadable(request, context);
    const { project, directory } = repository;
    if (await isEmpty(directory)) throw refusal.notFound("Repository");
    const ref = input.content_ref ?? input.sha ?? project.default_branch;
    const commit = await requireCommit(directory, ref);
    const config = project.settings.ci_config_path || ".gitlab-ci.yml";
    const content = (await readText(directory, commit, config)) ?? "";
    return answer(request, repository, commit, content, input.include_jobs);
  });

  async function answer(
    request: FastifyRequest,
    { project, directory }: ProjectRepository,
    commit: string | undefined,
    content: string,
    withJobs: boolean,
  ) {
    const { errors, warnings, mergedYaml, jobs, includes } = await lintConfig(content, (file) =>
      commit === undefined ? Promise.resolve(undefined) : readText(directory, commit, file),
    );
    const fullPath = projectPath(context.store, project);
    const url = `${origin(request)}/${fullPath}/-`;
    return {
      valid: errors.length === 0,
      errors,
      warnings,
      merged_yaml: mergedYaml,
      includes: includes.map((location) => ({
        type: "local",
        location,
        blob: `${url}/blob/${commit}/${location}`,
        raw: `${url}/raw/${commit}/${location}`,
        extra: {},
        context_project: fullPath,
        context_sha: commit,
      })),
      ...(withJobs && { jobs }),
    };
  }
}

async function readText(
  directory: string,
  commit: string,
  path: string,
): Promise<string | undefined> {
  return (await findFile(directory, commit, path))?.content.toString("utf8");
}
