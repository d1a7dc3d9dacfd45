/** Repositories. https://docs.gitlab.com/api/repositories/ */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Context } from "../context.ts";
import { findCommit } from "../git/refs.ts";
import { listTree, type TreeEntry } from "../git/tree.ts";
import { flag, paging, parameters, readInput, text } from "../input.ts";
import { toTreeRow } from "../present-git.ts";
import { origin, pageOf, refusal } from "../reply.ts";
import { findReadable } from "../repository-access.ts";

const treeInput = parameters({
  ...paging,
  path: text.default(""),
  ref: text.optional(),
  recursive: flag.default(false),
  page_token: text.optional(),
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
    const page =
      input.pagination === "keyset"
        ? keysetPage(reply, entries, input.page_token, input.per_page)
        : pageOf(reply, entries, input);
    return page.map(toTreeRow);
  });
}

/** The entries after the path that the token names, with a link to the following ones. */
function keysetPage(
  reply: FastifyReply,
  entries: TreeEntry[],
  token: string | undefined,
  perPage: number,
): TreeEntry[] {
  const start = token === undefined ? 0 : entries.findIndex((entry) => entry.path === token) + 1;
  const page = entries.slice(start, start + perPage);
  const last = page.at(-1);
  if (last !== undefined && start + perPage < entries.length) {
    const url = new URL(reply.request.url, origin(reply.request));
    url.searchParams.set("page_token", last.path);
    reply.header("link", `<${url}>; rel="next"`);
  }
  return page;
}
