/** Tags. https://docs.gitlab.com/api/tags/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { role, roleInProject } from "../access.ts";
import type { Context } from "../context.ts";
import { readCommits } from "../git/log.ts";
import { findCommit, type GitRef, isRefName, listRefs, moveRef } from "../git/refs.ts";
import { createTag } from "../git/tags.ts";
import { filled, paging, parameters, pathText, readInput, text } from "../input.ts";
import { createPushPipelines } from "../pipelines/on-push.ts";
import { toTag } from "../present-git.ts";
import { canCreateTag, tagProtections } from "../push-access.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";
import { findReadable, findWritable, type ProjectRepository } from "../repository-access.ts";

const listInput = parameters({
  ...paging,
  search: text.optional(),
  order_by: z.enum(["name", "updated", "version"]).default("updated"),
  sort: z.enum(["asc", "desc"]).default("desc"),
});
const createInput = parameters({ tag_name: filled, ref: filled, message: text.optional() });
const path = "/projects/:id/repository/tags";

export function tagRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addCreation(api, context);
  addDeletion(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  const reading = { config: { anonymous: true, scopes: ["read_repository"] } };

  api.get(path, reading, async (request, reply) => {
    const { search = "", order_by, sort, ...page } = readInput(request, listInput);
    const repository = findReadable(request, context);
    const tags = (await listRefs(repository.directory, "tags")).filter(({ name }) =>
      name.toLowerCase().includes(search.toLowerCase()),
    );
    const rows = await show(request, context, repository, tags);
    const key = (row: (typeof rows)[number]) =>
      order_by === "updated" ? row.commit.committed_date : row.name;
    const numeric = order_by === "version";
    rows.sort((left, right) => key(left).localeCompare(key(right), "en", { numeric }));
    return pageOf(reply, sort === "desc" ? rows.reverse() : rows, page);
  });

  api.get(`${path}/:tag_name`, reading, (request) => {
    readInput(request, parameters({}));
    const repository = findReadable(request, context);
    return showOne(request, context, repository, pathText(request, "tag_name"));
  });
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post(path, async (request, reply) => {
    const { tag_name: name, ref, message } = readInput(request, createInput);
    const repository = findWritable(request, context);
    const { project, directory, user } = repository;
    if (!(await isRefName(directory, "tags", name)))
      throw refusal.sentence(400, "Tag name invalid");
    if (!canCreateTag(context.store, user, project, name))
      throw refusal.sentence(400, "You are not allowed to create this tag as it is protected.");
    const commit = await findCommit(directory, ref);
    if (commit === undefined) throw refusal.sentence(400, `Target ${ref} is invalid`);
    const tagger = { name: user.name, email: user.email };
    const annotation = message ? { message, tagger, date: context.now() } : undefined;
    if (!(await createTag(directory, { name, commit, ...(annotation && { annotation }) })))
      throw refusal.sentence(400, `Tag ${name} already exists`);
    const update = { ref: `refs/tags/${name}`, before: "0".repeat(40), after: commit };
    await createPushPipelines(context, project, user, [update]);
    return created(reply, await showOne(request, context, repository, name));
  });
}

function addDeletion(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.delete(`${path}/:tag_name`, async (request, reply) => {
    readInput(request, parameters({}));
    const { project, directory, user } = findWritable(request, context);
    const name = pathText(request, "tag_name");
    const tag = await findTag(directory, name);
    const isProtected = tagProtections(store, project, name).length > 0;
    if (isProtected && roleInProject(store, user, project) < role.maintainer)
      throw refusal.forbidden();
    if (!(await moveRef(directory, `refs/tags/${name}`, tag.target, undefined)))
      throw refusal.sentence(400, "Failed to remove tag");
    return noContent(reply);
  });
}

async function showOne(
  request: FastifyRequest,
  context: Context,
  repository: ProjectRepository,
  name: string,
) {
  const tag = await findTag(repository.directory, name);
  const [row] = await show(request, context, repository, [tag]);
  return row;
}

async function show(
  request: FastifyRequest,
  { store }: Context,
  { project, directory }: ProjectRepository,
  tags: GitRef[],
) {
  const ids = tags.map((tag) => tag.commit);
  const commits = await readCommits(directory, ids);
  return tags.flatMap((tag) => {
    const commit = commits.get(tag.commit);
    return commit ? [toTag(request, store, project, tag, commit)] : [];
  });
}

async function findTag(directory: string, name: string): Promise<GitRef> {
  const tag = (await listRefs(directory, "tags")).find((row) => row.name === name);
  if (tag === undefined) throw refusal.notFound("Tag");
  return tag;
}
