import type { Context } from "../context.ts";
import type { Job } from "./rows.ts";
import { holdsResource, isComplete } from "./statuses.ts";

/**
 * Lets one job of every resource group of a project go on, where none has the resource.
 *
 * @see https://docs.gitlab.com/ci/resource_groups/
 */
export function freeResources(context: Context, projectId: number): void {
  const { jobs, projects } = context.store;
  const mode = projects.require(projectId).settings.resource_group_default_process_mode;
  const grouped = jobs.filter(
    (job) => job.project_id === projectId && job.spec.resource_group !== null,
  );
  for (const group of new Set(grouped.map((job) => job.spec.resource_group))) {
    const members = grouped.filter((job) => job.spec.resource_group === group && !job.retried);
    if (members.some((job) => holdsResource(job.status))) continue;
    const next = chooseNext(mode, members);
    if (next === undefined) continue;
    jobs.update(next, { status: "pending" });
    context.queue.changed();
  }
}

function chooseNext(mode: string, members: readonly Job[]): Job | undefined {
  const waiting = members.filter((job) => job.status === "waiting_for_resource");
  if (mode === "newest_ready_first") return waiting.at(-1);
  if (mode === "unordered") return waiting[0];
  const coming = members.filter((job) => !isComplete(job.status) && job.status !== "manual");
  const first = mode === "newest_first" ? coming.at(-1) : coming[0];
  return first?.status === "waiting_for_resource" ? first : undefined;
}
