import { role, roleInProject } from "../access.ts";
import type { Context } from "../context.ts";
import type { PipelineSchedule, User } from "../entities.ts";
import { findRef } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { canPush } from "../push-access.ts";
import { nextRunOf } from "../schedules.ts";
import { createPipeline } from "./create.ts";
import { eachDue } from "./each-due.ts";

/**
 * Makes the pipelines of the schedules that are due, in the name of their owners; one that may not
 * make it is passed over. Missed times are not made up for.
 *
 * @see https://docs.gitlab.com/ci/pipelines/schedules/
 */
export function runDueSchedules(context: Context): Promise<void> {
  const { schedules, users } = context.store;
  const now = context.now().toISOString();
  const isNext = (row: PipelineSchedule) => row.active && isDue(row, now);
  return eachDue(schedules, isNext, async (schedule) => {
    const { next_run_at: next } = schedule;
    // Set before the pipeline is made, so that nobody else makes it meanwhile.
    schedules.update(schedule, { next_run_at: nextRunOf(context, schedule) });
    const owner = users.get(schedule.owner_id);
    if (next !== undefined && owner && mayRunSchedule(context, schedule, owner))
      await runSchedule(context, schedule, owner);
  });
}

/** A schedule whose next time nobody found out yet is due to have it found out. */
function isDue({ next_run_at: next }: PipelineSchedule, now: string): boolean {
  return next === undefined || (next !== null && next <= now);
}

/** Whether a user may make a pipeline of a schedule's branch or tag. */
export function mayRunSchedule(
  { store }: Context,
  schedule: PipelineSchedule,
  user: User,
): boolean {
  const project = store.projects.require(schedule.project_id);
  if (project.archived || project.settings.builds_access_level === "disabled") return false;
  if (roleInProject(store, user, project) < role.developer) return false;
  const { name, isTag } = toRef(schedule);
  return isTag || canPush(store, user, project, name);
}

/** Makes a pipeline of a schedule; as on GitLab nobody learns of a ref or file that is missing. */
export async function runSchedule(
  context: Context,
  schedule: PipelineSchedule,
  user: User,
): Promise<void> {
  const project = context.store.projects.require(schedule.project_id);
  const { name, isTag } = toRef(schedule);
  const directory = repositoryDirectory(context.directory, project.id);
  const sha = await findRef(directory, isTag ? "tags" : "heads", name);
  if (sha === undefined) return;
  await createPipeline(context, {
    project,
    user,
    source: "schedule",
    ref: name,
    tag: isTag,
    sha,
    schedule_id: schedule.id,
  });
}

function toRef({ ref }: PipelineSchedule) {
  return { name: ref.replace(/^refs\/(heads|tags)\//, ""), isTag: ref.startsWith("refs/tags/") };
}
