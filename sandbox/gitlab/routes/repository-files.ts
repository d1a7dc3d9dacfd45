/** Repository files. https://docs.gitlab.com/api/repository_files/ */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { FileAction } from "../git/file-actions.ts";
import { type FileAtCommit, findFile } from "../git/tree.ts";
import { filled, flag, parameters, pathText, readInput, text } from "../input.ts";
import { created, noContent, refusal } from "../reply.ts";
import {
  findReadable,
  findWritable,
  isClosed,
  pushRefused,
  requireCommit,
} from "../repository-access.ts";
import { writeCommit } from "../repository-write.ts";

const path = "/projects/:id/repository/files/:file_path";

const readParameters = parameters({ ref: filled });
const rawParameters = parameters({ ref: filled.optional(), lfs: flag.optional() });

const target = {
  branch: filled,
  commit_message: filled,
  start_branch: text.optional(),
  author_email: text.optional(),
  author_name: text.optional(),
  last_commit_id: text.optional(),
};
const writeParameters = parameters({
  ...target,
  content: text,
  encoding: z.enum(["text", "base64"]).default("text"),
  execute_filemode: flag.optional(),
});
/** `last_commit_id` is documented for deletion too, where GitLab takes no notice of it. */
const deleteParameters = parameters(target);

type Target = z.output<typeof deleteParameters>;

export function repositoryFileRoutes(api: FastifyInstance, context: Context): void {
  const reading = { config: { anonymous: true, scopes: ["read_repository"] } };

  api.get(path, reading, async (request, reply) => {
    const { ref } = readInput(request, readParameters);
    const { file, facts } = await read(request, ref);
    setFactHeaders(reply, facts);
    return { ...facts, content: file.content.toString("base64") };
  });

  api.get(`${path}/raw`, reading, async (request, reply) => {
    const { ref } = readInput(request, rawParameters);
    const { file, facts } = await read(request, ref ?? "HEAD");
    setFactHeaders(reply, facts);
    return reply.type("text/plain; charset=utf-8").send(file.content);
  });

  api.post(path, async (request, reply) => {
    const input = readInput(request, writeParameters);
    return created(reply, await write(request, input, toChange("create", request, input)));
  });

  api.put(path, (request) => {
    const input = readInput(request, writeParameters);
    return write(request, input, toChange("update", request, input));
  });

  api.delete(path, async (request, reply) => {
    const { last_commit_id: _, ...input } = readInput(request, deleteParameters);
    await write(request, input, { action: "delete", path: filePath(request) });
    return noContent(reply);
  });

  async function read(request: FastifyRequest, ref: string) {
    const { directory } = findReadable(request, context);
    const commit = await requireCommit(directory, ref);
    const file = await findFile(directory, commit, filePath(request));
    if (file === undefined) throw refusal.notFound("File");
    return { file, facts: toFacts(file, ref, commit) };
  }

  async function write(request: FastifyRequest, input: Target, action: FileAction) {
    const repository = findWritable(request, context);
    const { branch, last_commit_id } = input;
    if (isClosed(context, repository.project, repository.user, branch))
      throw refusal.sentence(400, pushRefused);
    await writeCommit(
      context,
      repository,
      {
        branch,
        message: input.commit_message,
        actions: [action],
        ...(input.start_branch && { startBranch: input.start_branch }),
        ...(input.author_name && { authorName: input.author_name }),
        ...(input.author_email && { authorEmail: input.author_email }),
      },
      last_commit_id ? [{ path: action.path, lastCommitId: last_commit_id, message: stale }] : [],
    );
    return { file_path: action.path, branch };
  }
}

const stale = "You are attempting to update a file that has changed since you started editing it.";

function filePath(request: FastifyRequest): string {
  const given = pathText(request, "file_path");
  if (given.startsWith("/") || given.split("/").includes(".."))
    throw refusal.parameters(["file_path should be a valid file path"]);
  return given;
}

function toChange(
  action: "create" | "update",
  request: FastifyRequest,
  { content, encoding, execute_filemode }: z.output<typeof writeParameters>,
): FileAction {
  return {
    action,
    path: filePath(request),
    content: Buffer.from(content, encoding === "base64" ? "base64" : "utf8"),
    ...(execute_filemode !== undefined && { executable: execute_filemode }),
  };
}

function toFacts(file: FileAtCommit, ref: string, commit: string) {
  return {
    file_name: file.path.slice(file.path.lastIndexOf("/") + 1),
    file_path: file.path,
    size: file.content.length,
    encoding: "base64",
    content_sha256: file.sha256,
    ref,
    blob_id: file.blobId,
    commit_id: commit,
    last_commit_id: file.lastCommitId,
    execute_filemode: file.executable,
  };
}

/** `X-Gitlab-Blob-Id` and so on; text beyond ASCII goes out as the bytes of its UTF-8. */
function setFactHeaders(reply: FastifyReply, facts: ReturnType<typeof toFacts>): void {
  for (const [name, value] of Object.entries(facts)) {
    const bytes = Buffer.from(`${value}`, "utf8").toString("latin1");
    reply.header(`x-gitlab-${name.replaceAll("_", "-")}`, bytes);
  }
}
