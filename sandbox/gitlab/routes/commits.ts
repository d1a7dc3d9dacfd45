/** Commits. https://docs.gitlab.com/api/commits/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { ExpectedCommit } from "../git/commit.ts";
import type { FileAction } from "../git/file-actions.ts";
import { listCommits, readCommit } from "../git/log.ts";
import { findCommit } from "../git/refs.ts";
import { filled, flag, paging, parameters, pathText, readInput, text } from "../input.ts";
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
  parameters({ action: z.literal("delete"), ...common }),
]);

const createInput = parameters({
  branch: filled,
  commit_message: filled,
  actions: z.array(actionInput),
  start_branch: filled.optional(),
  author_email: text.optional(),
  author_name: text.optional(),
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
    return pageOf(reply, commits, input).map((commit) =>
      toCommit(request, context.store, repository.project, commit),
    );
  });

  api.get("/projects/:id/repository/commits/:sha", reading, async (request) => {
    readInput(request, parameters({}));
    const repository = findReadable(request, context);
    const id = await requireCommit(repository.directory, pathText(request, "sha"));
    return detail(request, repository, id);
  });

  api.post("/projects/:id/repository/commits", async (request, reply) => {
    const input = readInput(request, createInput);
    const repository = findWritable(request, context);
    if (isClosed(context, repository.project, repository.user, input.branch))
      throw refusal.forbidden(pushRefused);
    const wanted = toWanted(input);
    const id = await writeCommit(context, repository, wanted, input.actions.flatMap(toExpected));
    return created(reply, await detail(request, repository, id));
  });

  async function detail(request: FastifyRequest, repository: ProjectRepository, id: string) {
    const commit = await readCommit(repository.directory, id);
    return toCommitDetail(request, context.store, repository.project, commit);
  }
}

function toWanted(input: CreateInput) {
  return {
    branch: input.branch,
    message: input.commit_message,
    actions: input.actions.map(toAction),
    ...(input.start_branch && { startBranch: input.start_branch }),
    ...(input.author_name && { authorName: input.author_name }),
    ...(input.author_email && { authorEmail: input.author_email }),
  };
}

function toAction(input: ActionInput): FileAction {
  const path = input.file_path;
  if (input.action === "delete") return { action: "delete", path };
  const { action, content, execute_filemode: executable } = input;
  return {
    action,
    path,
    content: Buffer.from(content, input.encoding === "base64" ? "base64" : "utf8"),
    ...(executable !== undefined && { executable }),
  };
}

function toExpected(input: ActionInput): ExpectedCommit[] {
  const { action, file_path: path, last_commit_id: lastCommitId } = input;
  if (lastCommitId === undefined || action === "create") return [];
  const message = `The file has changed since you started editing it: ${path}`;
  return [{ path, lastCommitId, message }];
}
