import { Cron } from "croner";
import type { FastifyRequest } from "fastify";
import { role, roleInProject } from "./access.ts";
import { userOf } from "./auth.ts";
import type { Context } from "./context.ts";
import type { PipelineSchedule, PipelineScheduleVariable, Project } from "./entities.ts";
import { findRef } from "./git/refs.ts";
import { repositoryDirectory } from "./git/repository.ts";
import { pathNumber } from "./input.ts";
import { refusal } from "./reply.ts";

/** Where schedules live; `:sid` is the schedule's number. */
export const schedulesPath = "/projects/:id/pipeline_schedules";

/** Faults of a schedule's time, by field. https://docs.gitlab.com/topics/cron/ */
export function checkSchedule(
  schedule: Pick<PipelineSchedule, "cron" | "cron_timezone">,
): Record<string, string[]> {
  if (!isTimezone(schedule.cron_timezone)) return { cron_timezone: ["syntax is invalid"] };
  return parseCron(schedule) ? {} : { cron: ["syntax is invalid"] };
}

/** The schedule of a path; with `edit`, its owner or a maintainer must ask. */
export function findSchedule(
  request: FastifyRequest,
  context: Context,
  project: Project,
  purpose: "read" | "edit" = "read",
): PipelineSchedule {
  const found = context.store.schedules.get(pathNumber(request, "sid"));
  if (found?.project_id !== project.id) throw refusal.notFound("Pipeline Schedule");
  if (purpose === "edit" && !canEdit(request, context, project, found)) throw refusal.forbidden();
  return found;
}

/** Whether the caller may change a schedule: its owner or a maintainer. */
export function canEdit(
  request: FastifyRequest,
  { store }: Context,
  project: Project,
  schedule: PipelineSchedule,
): boolean {
  const user = userOf(request);
  return schedule.owner_id === user.id || roleInProject(store, user, project) >= role.maintainer;
}

/** A variable of a schedule as GitLab answers it. */
export function toScheduleVariable(row: PipelineScheduleVariable) {
  const { variable_type, key, value, raw } = row;
  return { variable_type, key, value, raw };
}

/** When a schedule is due next, counted from now. */
export function nextRunOf(
  { now }: Pick<Context, "now">,
  schedule: Pick<PipelineSchedule, "cron" | "cron_timezone">,
): string | null {
  return parseCron(schedule)?.nextRun(now())?.toISOString() ?? null;
}

/** The full form of a branch or tag; a short name is a tag where one has that name. */
export async function toFullRef(context: Context, project: Project, ref: string): Promise<string> {
  if (/^refs\/(heads|tags)\//.test(ref)) return ref;
  const directory = repositoryDirectory(context.directory, project.id);
  const isTag = (await findRef(directory, "tags", ref)) !== undefined;
  return isTag ? `refs/tags/${ref}` : `refs/heads/${ref}`;
}

function parseCron(schedule: Pick<PipelineSchedule, "cron" | "cron_timezone">) {
  try {
    return new Cron(schedule.cron, { timezone: schedule.cron_timezone, mode: "5-part" });
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
