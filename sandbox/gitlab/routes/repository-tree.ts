/** Repositories. https://docs.gitlab.com/api/repositories/ */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context.ts";
import { findCommit } from "../git/refs.ts";
import { listTree } from "../git/tree.ts";
import { flag, paging, parameters, readInput, text } from "../input.ts";
import { toTreeRow } from "../present-git.ts";
import { pageOf, refusal } from "../reply.ts";
import { findReadable } from "../repository-access.ts";

const treeInput = parameters({
  ...paging,
  path: text.default(""),
  ref: text.optional(),
  recursive: flag.default(false),
});

export function repositoryTreeRoutes(api: FastifyInstance, context: Context): void {
  const reading = { config: { anonymous: true, scopes: ["read_repository"] } };

  api.get("/projects/:id/repository/tree", reading, async (request, reply) => {
    const input = readInput(request, treeInput);
    const { project, directory } = findReadable(request, context);
    const commit = await findCommit(directory, input.ref ?? project.default_branch);
    if (commit === undefined) throw refusal.notFound("Tree");
    const entries = await listTree(directory, commit, input.path, input.recursive);
    if (entries.length === 0 && input.path !== "")
      throw refusal.notFound("invalid revision or path");
    return pageOf(reply, entries, input).map(toTreeRow);
  });
}
