import { Readable } from "node:stream";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { lookupProject } from "../access.ts";
import type { Context } from "../context.ts";
import type { Project } from "../entities.ts";
import { createPushPipelines } from "../pipelines/on-push.ts";
import { afterWrite } from "./after-write.ts";
import { isEmpty } from "./commit.ts";
import {
  checkAccess,
  type GitAction,
  type GitCaller,
  GitDenied,
  readCaller,
} from "./credentials.ts";
import { callBackend } from "./http-backend.ts";
import { PushRecord } from "./push-record.ts";
import { pushRules } from "./push-rules.ts";
import { repositoryDirectory } from "./repository.ts";

/** Where a git request goes. */
interface GitTarget {
  projectPath: string;
  /** The path below the repository. */
  path: string;
  action: GitAction;
  /** Whether the request itself moves refs, rather than asking for them. */
  writes: boolean;
}

/**
 * Serves repositories over git's smart HTTP protocol at `/<namespace>/<project>.git`.
 *
 * @see https://git-scm.com/docs/http-protocol
 */
export function gitRoutes(context: Context): FastifyPluginAsync {
  return async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    scope.route({
      method: ["GET", "POST"],
      url: "/*",
      exposeHeadRoute: false,
      handler: (request, reply) => serve(context, request, reply),
    });
  };
}

async function serve(context: Context, request: FastifyRequest, reply: FastifyReply) {
  const target = toTarget(request);
  if (target === undefined) return reply.callNotFound();
  const project = lookupProject(context.store, target.projectPath);
  try {
    const caller = readCaller(context, request.headers.authorization);
    checkAccess(context.store, caller, project, target.action);
    return await proxy(context, request, reply, target, project, caller);
  } catch (error) {
    if (error instanceof GitDenied) return deny(reply, error);
    throw error;
  }
}

function deny(reply: FastifyReply, { status, message }: GitDenied): FastifyReply {
  if (status === 401) reply.header("www-authenticate", 'Basic realm="GitLab"');
  return reply.code(status).type("text/plain; charset=utf-8").send(`${message}\n`);
}

function toTarget({ method, url }: FastifyRequest): GitTarget | undefined {
  const { pathname, searchParams } = new URL(url, "http://sandbox");
  const [, encoded, path] = /^\/([^/]+\/.+?)\.git(\/.+)$/.exec(pathname) ?? [];
  if (encoded === undefined || path === undefined) return undefined;
  const service = path === "/info/refs" ? searchParams.get("service") : path.slice(1);
  if (service !== "git-upload-pack" && service !== "git-receive-pack") return undefined;
  if ((method === "GET") !== (path === "/info/refs")) return undefined;
  const action = service === "git-receive-pack" ? "push" : "fetch";
  const writes = path === "/git-receive-pack";
  return { projectPath: decodeURIComponent(encoded), path, action, writes };
}

async function proxy(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  target: GitTarget,
  project: Project,
  caller: GitCaller,
): Promise<FastifyReply> {
  const directory = repositoryDirectory(context.directory, project.id);
  const first = target.writes && (await isEmpty(directory));
  const record = new PushRecord();
  const backend = await callBackend({
    directory,
    path: target.path,
    method: request.method,
    query: request.url.split("?")[1] ?? "",
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body: (request.body as Readable | undefined) ?? request.raw,
    ...(caller.kind === "user" || caller.kind === "job"
      ? {
          user: caller.user.username,
          env: { ...pushRules(context.store, project, caller.user), ...record.environment },
        }
      : {}),
  });
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) backend.stop();
  });
  reply.code(backend.status);
  for (const [name, value] of backend.headers) reply.header(name, value);
  if (!target.writes) return reply.send(backend.body);
  const finish = async () => {
    const { updates, options } = await record.take();
    await afterWrite(context, project, { first });
    if (caller.kind === "user")
      await createPushPipelines(context, project, caller.user, updates, options);
  };
  return reply.send(Readable.from(holdEnd(backend.body, backend.ended, finish)));
}

/** Passes a stream on and lets it end only after `finish`, so that a push is seen everywhere. */
async function* holdEnd(body: Readable, ended: Promise<void>, finish: () => Promise<void>) {
  try {
    yield* body;
  } finally {
    await ended;
    await finish();
  }
}
