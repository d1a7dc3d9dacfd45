import { role, roleInProject } from "../access.ts";
import { findCaller } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { AccessToken, DeployToken, Project, User } from "../entities.ts";
import type { Job } from "../pipelines/rows.ts";
import { Refusal } from "../reply.ts";
import type { Store } from "../store.ts";

/** What git wants to do. */
export type GitAction = "fetch" | "push";

/** Who speaks git: nobody, a user with a token, a deploy token, or a job that runs. */
export type GitCaller =
  | { kind: "nobody" }
  | { kind: "user"; user: User; token: AccessToken }
  | { kind: "deploy"; token: DeployToken }
  | { kind: "job"; job: Job; user: User };

/** Why git is turned away; the text reaches the user as `remote: ...`. */
export class GitDenied extends Error {
  readonly status: 401 | 403 | 404;

  constructor(status: 401 | 403 | 404, text: string) {
    super(text);
    this.name = "GitDenied";
    this.status = status;
  }
}

const accessDenied =
  "HTTP Basic: Access denied. If a token was provided, it was either incorrect, expired, or improperly scoped.";

const notFound =
  "The project you were looking for could not be found or you don't have permission to view it.";

/**
 * Reads basic credentials: an access token with any user name, or a deploy token with its own.
 *
 * @throws GitDenied 401 for credentials that are wrong, expired or revoked.
 * @see https://docs.gitlab.com/user/profile/personal_access_tokens/#clone-repository-using-personal-access-token
 */
export function readCaller(context: Context, authorization: string | undefined): GitCaller {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return { kind: "nobody" };
  const [, name = "", secret = ""] = /^([^:]*):(.*)$/.exec(fromBase64(encoded)) ?? [];
  if (name === "gitlab-ci-token") return findJob(context, secret);
  const deploy = findDeployToken(context, name, secret);
  if (deploy !== undefined) return { kind: "deploy", token: deploy };
  if (name === "") throw new GitDenied(401, accessDenied);
  return { kind: "user", ...findUser(context, secret) };
}

/** https://docs.gitlab.com/ci/jobs/ci_job_token/ */
function findJob({ store }: Context, secret: string): GitCaller {
  const job = store.jobs.find((row) => row.token !== null && row.token === secret);
  if (job === undefined) throw new GitDenied(401, accessDenied);
  return { kind: "job", job, user: store.users.require(job.user_id) };
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

function findUser(context: Context, secret: string): { user: User; token: AccessToken } {
  try {
    const caller = findCaller(context, secret);
    context.store.accessTokens.update(caller.token, { last_used_at: timestamp(context) });
    return caller;
  } catch (error) {
    if (error instanceof Refusal) throw new GitDenied(401, accessDenied);
    throw error;
  }
}

function findDeployToken(
  { store, now }: Context,
  name: string,
  secret: string,
): DeployToken | undefined {
  const token = store.deployTokens.find((row) => row.username === name && row.token === secret);
  if (token === undefined || token.revoked) return undefined;
  const expired = token.expires_at !== null && new Date(token.expires_at) <= now();
  return expired ? undefined : token;
}

/**
 * Makes sure that a caller may do something with a project.
 *
 * @param project undefined when there is none at the path.
 * @throws GitDenied 401 to ask for credentials, 404 when the project is invisible, 403 when the
 * right is missing.
 */
export function checkAccess(
  store: Store,
  caller: GitCaller,
  project: Project | undefined,
  action: GitAction,
): asserts project is Project {
  if (caller.kind === "nobody") {
    if (project?.visibility === "public" && action === "fetch") return;
    throw new GitDenied(401, accessDenied);
  }
  if (project === undefined) throw new GitDenied(404, notFound);
  if (caller.kind === "job") checkJob(caller.job, project, action);
  else if (caller.kind === "deploy") checkDeployToken(store, caller.token, project, action);
  else checkUser(store, caller.user, caller.token, project, action);
}

/** A job reads its own project and public ones; it pushes only where the project lets it. */
function checkJob(job: Job, project: Project, action: GitAction): void {
  const isOwn = job.project_id === project.id;
  if (!isOwn && project.visibility === "private") throw new GitDenied(404, notFound);
  if (action === "fetch") return;
  if (isOwn && project.settings.ci_push_repository_for_job_token_allowed && !project.archived)
    return;
  throw new GitDenied(403, "You are not allowed to push code to this project.");
}

function checkDeployToken(
  store: Store,
  token: DeployToken,
  project: Project,
  action: GitAction,
): void {
  if (!owns(store, token, project)) throw new GitDenied(404, notFound);
  if (action === "push")
    throw new GitDenied(403, "You are not allowed to push code to this project.");
  if (!token.scopes.includes("read_repository")) {
    throw new GitDenied(403, "You are not allowed to download code from this project.");
  }
}

/** A group's deploy token serves every project below the group. */
function owns(store: Store, { parent }: DeployToken, project: Project): boolean {
  if (parent.kind === "project") return parent.id === project.id;
  let namespace = store.namespaces.get(project.namespace_id);
  while (namespace !== undefined) {
    if (namespace.id === parent.id) return true;
    namespace = namespace.kind === "group" ? store.namespaces.get(namespace.parent_id) : undefined;
  }
  return false;
}

function checkUser(
  store: Store,
  user: User,
  { scopes }: AccessToken,
  project: Project,
  action: GitAction,
): void {
  const own = roleInProject(store, user, project);
  if (project.visibility === "private" && own === role.none) throw new GitDenied(404, notFound);
  const opening = ["api", "write_repository", ...(action === "fetch" ? ["read_repository"] : [])];
  const scoped = opening.some((scope) => scopes.includes(scope));
  if (action === "fetch") {
    const minimum = project.visibility === "private" ? role.reporter : role.none;
    if (scoped && own >= minimum) return;
    throw new GitDenied(403, "You are not allowed to download code from this project.");
  }
  if (project.archived) throw new GitDenied(403, "You can't push code to an archived project.");
  if (!scoped || own < role.developer) {
    throw new GitDenied(403, "You are not allowed to push code to this project.");
  }
}
