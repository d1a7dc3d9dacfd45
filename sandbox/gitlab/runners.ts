import type { FastifyRequest } from "fastify";
import { role, roleInNamespace, roleInProject } from "./access.ts";
import { createSecret } from "./auth.ts";
import type { Context } from "./context.ts";
import type { Runner, User } from "./entities.ts";
import { fullName, projectPath } from "./paths.ts";
import { origin } from "./reply.ts";
import type { Store } from "./store.ts";

const onlineFor = 2 * 60 * 60 * 1000;
const staleAfter = 7 * 24 * 60 * 60 * 1000;

/** How long ago a runner was heard of, in GitLab's words. */
export function statusOf({ now }: Pick<Context, "now">, runner: Runner) {
  if (runner.contacted_at === null) return "never_contacted";
  const silence = now().getTime() - Date.parse(runner.contacted_at);
  if (silence <= onlineFor) return "online";
  return silence > staleAfter ? "stale" : "offline";
}

/** Whether a user may see and change a runner: maintainers of its projects, owners of its group. */
export function ownsRunner(store: Store, user: User, runner: Runner): boolean {
  if (user.admin) return true;
  if (runner.group_id !== null)
    return roleInNamespace(store, user, store.namespaces.require(runner.group_id)) >= role.owner;
  return runner.project_ids.some(
    (id) => roleInProject(store, user, store.projects.require(id)) >= role.maintainer,
  );
}

/** Gives a runner another token of its kind; the one before is void at once. */
export function replaceToken({ store, queue }: Context, runner: Runner): string {
  const token = createSecret(runner.token.startsWith("glrt-") ? "glrt-" : "");
  store.runners.update(runner, { token });
  queue.changed();
  return token;
}

/** Faults of a runner's settings, by field. https://docs.gitlab.com/api/runners/ */
export function checkRunner(
  runner: Pick<Runner, "tag_list" | "run_untagged" | "maximum_timeout">,
): Record<string, string[]> {
  const isShort = runner.maximum_timeout !== null && runner.maximum_timeout < 600;
  const takesNothing = !runner.run_untagged && runner.tag_list.length === 0;
  return {
    ...(isShort && { maximum_timeout: ["needs to be at least 10 minutes"] }),
    ...(takesNothing && {
      tags_list: ["can not be empty when runner is not allowed to pick untagged jobs"],
    }),
  };
}

/**
 * Removes a runner with its processes. Its running jobs keep their tokens: whoever runs one can still
 * end it, and one that nobody ends is given up after an hour, as on GitLab.
 */
export function removeRunner({ store, queue }: Context, runner: Runner): void {
  store.runnerManagers.deleteWhere((row) => row.runner_id === runner.id);
  store.runners.delete(runner);
  queue.changed();
}

function isBusy({ store }: Context, runner: Runner): boolean {
  const holds = (status: string) => status === "running" || status === "canceling";
  return store.jobs.find((job) => job.runner_id === runner.id && holds(job.status)) !== undefined;
}

/** A runner as lists answer it. */
export function toRunner(context: Context, runner: Runner) {
  const status = statusOf(context, runner);
  return {
    id: runner.id,
    description: runner.description,
    ip_address: null,
    active: !runner.paused,
    paused: runner.paused,
    is_shared: runner.runner_type === "instance_type",
    runner_type: runner.runner_type,
    name: null,
    online: status === "online",
    status,
    job_execution_status: isBusy(context, runner) ? "active" : "idle",
    created_at: runner.created_at,
  };
}

/** A runner with everything single calls add; never its token. */
export function toRunnerDetails(request: FastifyRequest, context: Context, runner: Runner) {
  const { store } = context;
  const creator = store.users.require(runner.created_by);
  return {
    ...toRunner(context, runner),
    created_by: { id: creator.id, username: creator.username, name: creator.name },
    tag_list: runner.tag_list,
    run_untagged: runner.run_untagged,
    locked: runner.locked,
    maximum_timeout: runner.maximum_timeout,
    access_level: runner.access_level,
    version: null,
    revision: null,
    platform: null,
    architecture: null,
    contacted_at: runner.contacted_at,
    maintenance_note: runner.maintenance_note,
    projects: runner.project_ids.map((id) => toRunnerProject(store, id)),
    groups: runner.group_id === null ? [] : [toRunnerGroup(request, store, runner.group_id)],
  };
}

function toRunnerProject(store: Store, id: number) {
  const project = store.projects.require(id);
  const namespace = store.namespaces.require(project.namespace_id);
  return {
    id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${fullName(store, namespace)} / ${project.name}`,
    path: project.path,
    path_with_namespace: projectPath(store, project),
    created_at: project.created_at,
  };
}

function toRunnerGroup(request: FastifyRequest, store: Store, id: number) {
  const group = store.namespaces.require(id);
  return { id, name: group.name, web_url: `${origin(request)}/groups/${group.path}` };
}
