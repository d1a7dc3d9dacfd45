import type { FastifyRequest } from "fastify";
import type { Project } from "./entities.ts";
import type { GitCommit } from "./git/log.ts";
import type { GitRef } from "./git/refs.ts";
import type { TreeEntry } from "./git/tree.ts";
import { projectPath } from "./paths.ts";
import { branchProtections, canPush, tagProtections } from "./push-access.ts";
import { origin } from "./reply.ts";
import type { Store } from "./store.ts";

/** A commit as lists, branches and tags show it. */
export function toCommit(
  request: FastifyRequest,
  store: Store,
  project: Project,
  commit: GitCommit,
) {
  const { id, parentIds, message, author, committer } = commit;
  return {
    id,
    short_id: id.slice(0, 8),
    created_at: committer.date,
    parent_ids: parentIds,
    title: message.split("\n", 1)[0] ?? "",
    message,
    author_name: author.name,
    author_email: author.email,
    authored_date: author.date,
    committer_name: committer.name,
    committer_email: committer.email,
    committed_date: committer.date,
    trailers: {},
    extended_trailers: {},
    web_url: `${origin(request)}/${projectPath(store, project)}/-/commit/${id}`,
  };
}

/** A commit as a call for one commit shows it. */
export function toCommitDetail(
  request: FastifyRequest,
  store: Store,
  project: Project,
  commit: GitCommit,
) {
  return { ...toCommit(request, store, project, commit), project_id: project.id };
}

/** A branch with its newest commit. */
export function toBranch(
  request: FastifyRequest,
  store: Store,
  project: Project,
  { name }: GitRef,
  commit: GitCommit,
  merged: boolean,
) {
  const protections = branchProtections(store, project, name);
  const user = request.caller?.user;
  const developers = (levels: { access_level: number }[]) =>
    levels.some((level) => level.access_level === 30);
  return {
    name,
    commit: toCommit(request, store, project, commit),
    merged,
    protected: protections.length > 0,
    developers_can_push: protections.some((row) => developers(row.push_access_levels)),
    developers_can_merge: protections.some((row) => developers(row.merge_access_levels)),
    can_push: user !== undefined && canPush(store, user, project, name),
    default: name === project.default_branch,
    web_url: `${origin(request)}/${projectPath(store, project)}/-/tree/${name}`,
  };
}

/** A tag with the commit it leads to. */
export function toTag(
  request: FastifyRequest,
  store: Store,
  project: Project,
  { name, message, target, taggedAt }: GitRef,
  commit: GitCommit,
) {
  return {
    name,
    message: message ?? "",
    target,
    commit: toCommit(request, store, project, commit),
    release: null,
    protected: tagProtections(store, project, name).length > 0,
    created_at: taggedAt ?? null,
  };
}

/** A row of a folder. */
export function toTreeRow({ id, path, type, mode }: TreeEntry) {
  return { id, name: path.slice(path.lastIndexOf("/") + 1), type, path, mode };
}
