/** Branches. https://docs.gitlab.com/api/branches/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { role, roleInProject } from "../access.ts";
import type { Context } from "../context.ts";
import { readCommits } from "../git/log.ts";
import type { GitRef } from "../git/refs.ts";
import { findCommit, findRef, isRefName, listMerged, listRefs, moveRef } from "../git/refs.ts";
import { filled, paging, parameters, pathText, readInput, text } from "../input.ts";
import { createPushPipelines } from "../pipelines/on-push.ts";
import { toBranch } from "../present-git.ts";
import { branchProtections } from "../push-access.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";
import {
  findReadable,
  findWritable,
  isClosed,
  type ProjectRepository,
} from "../repository-access.ts";

const listInput = parameters({ ...paging, search: text.optional() });
const createInput = parameters({ branch: filled, ref: filled });
const path = "/projects/:id/repository/branches";

export function branchRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addCreation(api, context);
  addDeletion(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  const reading = { config: { anonymous: true, scopes: ["read_repository"] } };

  api.get(path, reading, async (request, reply) => {
    const input = readInput(request, listInput);
    const repository = findReadable(request, context);
    const branches = (await listRefs(repository.directory, "heads")).filter(({ name }) =>
      isSearched(name, input.search ?? ""),
    );
    return show(request, context, repository, pageOf(reply, branches, input));
  });

  api.get(`${path}/:branch`, reading, (request) => {
    readInput(request, parameters({}));
    const repository = findReadable(request, context);
    return showOne(request, context, repository, pathText(request, "branch"));
  });
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post(path, async (request, reply) => {
    const { branch, ref } = readInput(request, createInput);
    const repository = findWritable(request, context);
    const { project, directory, user } = repository;
    if (!(await isRefName(directory, "heads", branch)))
      throw refusal.sentence(400, "Branch name is invalid");
    if ((await findRef(directory, "heads", branch)) !== undefined)
      throw refusal.sentence(400, "Branch already exists");
    if (isClosed(context, project, user, branch))
      throw refusal.sentence(
        400,
        "You are not allowed to create protected branches on this project.",
      );
    const commit = await findCommit(directory, ref);
    if (commit === undefined) throw refusal.sentence(400, `Invalid reference name: ${ref}`);
    if (!(await moveRef(directory, `refs/heads/${branch}`, undefined, commit)))
      throw refusal.sentence(400, "Branch already exists");
    const update = { ref: `refs/heads/${branch}`, before: "0".repeat(40), after: commit };
    await createPushPipelines(context, project, user, [update]);
    return created(reply, await showOne(request, context, repository, branch));
  });
}

function addDeletion(api: FastifyInstance, context: Context): void {
  api.delete(`${path}/:branch`, async (request, reply) => {
    readInput(request, parameters({}));
    const { project, directory, user } = findWritable(request, context);
    const branch = pathText(request, "branch");
    const commit = await findRef(directory, "heads", branch);
    if (commit === undefined) throw refusal.notFound("Branch");
    if (branch === project.default_branch)
      throw refusal.sentence(400, "The default branch of a project cannot be deleted.");
    const isProtected = branchProtections(context.store, project, branch).length > 0;
    if (isProtected && roleInProject(context.store, user, project) < role.maintainer)
      throw refusal.sentence(
        400,
        "You are not allowed to delete protected branches from this project. Only a project maintainer or owner can delete a protected branch.",
      );
    if (!(await moveRef(directory, `refs/heads/${branch}`, commit, undefined)))
      throw refusal.sentence(400, "Failed to remove branch");
    return noContent(reply);
  });
}

async function showOne(
  request: FastifyRequest,
  context: Context,
  repository: ProjectRepository,
  name: string,
) {
  const branches = await listRefs(repository.directory, "heads");
  const named = branches.filter((branch) => branch.name === name);
  const [row] = await show(request, context, repository, named);
  if (row === undefined) throw refusal.notFound("Branch");
  return row;
}

async function show(
  request: FastifyRequest,
  { store }: Context,
  { project, directory }: ProjectRepository,
  branches: GitRef[],
) {
  const ids = branches.map((branch) => branch.commit);
  const main = await findRef(directory, "heads", project.default_branch);
  const [commits, merged] = await Promise.all([
    readCommits(directory, ids),
    main === undefined ? new Set<string>() : listMerged(directory, main),
  ]);
  return branches.flatMap((branch) => {
    const commit = commits.get(branch.commit);
    const isMerged = branch.name !== project.default_branch && merged.has(branch.name);
    return commit ? [toBranch(request, store, project, branch, commit, isMerged)] : [];
  });
}

/** `^x` asks for names that begin with x, `x$` for names that end with it. */
function isSearched(name: string, search: string): boolean {
  if (search.startsWith("^")) return name.startsWith(search.slice(1));
  if (search.endsWith("$")) return name.endsWith(search.slice(0, -1));
  return name.toLowerCase().includes(search.toLowerCase());
}
