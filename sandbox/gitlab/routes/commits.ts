/** Commits. https://docs.gitlab.com/api/commits/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { Project } from "../entities.ts";
import type { ExpectedCommit } from "../git/commit.ts";
import type { FileAction } from "../git/file-actions.ts";
import { listCommits, readCommit, readStats } from "../git/log.ts";
import { findCommit } from "../git/refs.ts";
import { filled, flag, paging, parameters, pathText, readInput, text } from "../input.ts";
import { readsPipelines } from "../pipelines/find.ts";
import { toPipeline } from "../pipelines/present.ts";
import { toCommit, toCommitDetail } from "../present-git.ts";
import { created, pageOf, refusal } from "../reply.ts";
import {
  findReadable,
  findWritable,
  isClosed,
  type ProjectRepository,
  pushRefused,
  requireCommit,
} from "../repository-access.ts";
import { writeCommit } from "../repository-write.ts";

const listInput = parameters({
  ...paging,
  ref_name: text.optional(),
  path: text.optional(),
  since: text.optional(),
  until: text.optional(),
  all: flag.default(false),
  with_stats: flag.default(false),
});

const encoding = z.enum(["text", "base64"]).default("text");
const common = { file_path: filled, last_commit_id: text.optional() };
const fileMode = { execute_filemode: flag.optional() };

const actionInput = z.discriminatedUnion("action", [
  parameters({
    action: z.literal("create"),
    ...common,
    ...fileMode,
    content: text.default(""),
    encoding,
  }),
  parameters({ action: z.literal("update"), ...common, ...fileMode, content: text, encoding }),
  parameters({
    action: z.literal("move"),
    ...common,
    previous_path: filled,
    content: text.optional(),
    encoding,
  }),
  parameters({ action: z.literal("delete"), ...common }),
  parameters({ action: z.literal("chmod"), ...common, execute_filemode: flag }),
]);

const createInput = parameters({
  branch: filled,
  commit_message: filled,
  actions: z.array(actionInput),
  start_branch: filled.optional(),
  start_sha: filled.optional(),
  author_email: text.optional(),
  author_name: text.optional(),
  stats: flag.default(true),
  force: flag.default(false),
}).superRefine((given, check) => {
  if (given.start_branch !== undefined && given.start_sha !== undefined)
    check.addIssue({ code: "custom", message: "start_branch, start_sha are mutually exclusive" });
});

type ActionInput = z.output<typeof actionInput>;
type CreateInput = z.output<typeof createInput>;

export function commitRoutes(api: FastifyInstance, context: Context): void {
  const reading = { config: { anonymous: true, scopes: ["read_repository"] } };

  api.get("/projects/:id/repository/commits", reading, async (request, reply) => {
    const input = readInput(request, listInput);
    const repository = findReadable(request, context);
    const ref = input.ref_name ?? repository.project.default_branch;
    const start = input.all ? undefined : await findCommit(repository.directory, ref);
    if (!input.all && start === undefined) return pageOf(reply, [], input);
    const commits = await listCommits(repository.directory, {
      ...(start && { ref: start }),
      ...(input.path && { path: input.path }),
      ...(input.since && { since: input.since }),
      ...(input.until && { until: input.until }),
    });
    const rows = pageOf(reply, commits, input).map(async (commit) => ({
      ...toCommit(request, context.store, repository.project, commit),
      ...(input.with_stats && { stats: await readStats(repository.directory, commit) }),
    }));
    return Promise.all(rows);
  });

  api.get("/projects/:id/repository/commits/:sha", reading, async (request) => {
    const { stats } = readInput(request, parameters({ stats: flag.default(true) }));
    const repository = findReadable(request, context);
    const id = await requireCommit(repository.directory, pathText(request, "sha"));
    return detail(request, repository, id, stats);
  });

  api.post("/projects/:id/repository/commits", async (request, reply) => {
    const input = readInput(request, createInput);
    const repository = findWritable(request, context);
    if (isClosed(context, repository.project, repository.user, input.branch))
      throw refusal.forbidden(pushRefused);
    const wanted = toWanted(input);
    const id = await writeCommit(context, repository, wanted, input.actions.flatMap(toExpected));
    return created(reply, await detail(request, repository, id, input.stats));
  });

  async function detail(
    request: FastifyRequest,
    { project, directory }: ProjectRepository,
    id: string,
    withStats: boolean,
  ) {
    const commit = await readCommit(directory, id);
    const stats = withStats ? await readStats(directory, commit) : undefined;
    const last = findLast(request, project, id);
    return toCommitDetail(request, context.store, project, commit, stats, last);
  }

  function findLast(request: FastifyRequest, project: Project, sha: string) {
    if (!readsPipelines(request, context, project)) return undefined;
    const last = context.store.pipelines
      .filter((row) => row.project_id === project.id && row.sha === sha)
      .at(-1);
    return last && toPipeline(request, context, last);
  }
}

function toWanted(input: CreateInput) {
  return {
    branch: input.branch,
    message: input.commit_message,
    actions: input.actions.map(toAction),
    force: input.force,
    ...(input.start_branch && { startBranch: input.start_branch }),
    ...(input.start_sha && { startSha: input.start_sha }),
    ...(input.author_name && { authorName: input.author_name }),
    ...(input.author_email && { authorEmail: input.author_email }),
  };
}

function toAction(input: ActionInput): FileAction {
  const path = input.file_path;
  switch (input.action) {
    case "create":
    case "update":
      return {
        action: input.action,
        path,
        content: Buffer.from(input.content, toBufferEncoding(input.encoding)),
        ...(input.execute_filemode !== undefined && { executable: input.execute_filemode }),
      };
    case "move": {
      const { previous_path: previousPath, content, encoding } = input;
      return {
        action: "move",
        path,
        previousPath,
        ...(content !== undefined && { content: Buffer.from(content, toBufferEncoding(encoding)) }),
      };
    }
    case "delete":
      return { action: "delete", path };
    case "chmod":
      return { action: "chmod", path, executable: input.execute_filemode };
  }
}

function toBufferEncoding(encoding: "text" | "base64"): BufferEncoding {
  return encoding === "base64" ? "base64" : "utf8";
}

function toExpected(input: ActionInput): ExpectedCommit[] {
  const { action, last_commit_id: lastCommitId } = input;
  if (lastCommitId === undefined || action === "create" || action === "chmod") return [];
  const path = action === "move" ? input.previous_path : input.file_path;
  const message = `The file has changed since you started editing it: ${path}`;
  return [{ path, lastCommitId, message }];
}
