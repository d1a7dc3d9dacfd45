import type { Context } from "./context.ts";
import type { Group, Parent, Project, Runner } from "./entities.ts";
import { removeRepository, repositoryDirectory } from "./git/repository.ts";
import { ownedBy } from "./parents.ts";
import { removePipeline } from "./pipelines/remove.ts";
import { removeRunner } from "./runners.ts";

/** A row that can be marked for deletion. */
interface Named {
  id: number;
  name: string;
  path: string;
}

/** Names a group or project bears while it waits for its deletion; the old ones become free. */
export function toMarkedNames(row: Named): { name: string; path: string } {
  const ending = `-deletion_scheduled-${row.id}`;
  return { name: `${row.name}${ending}`, path: `${row.path}${ending}` };
}

/** Removes a project with everything that belongs to it, its repository included. */
export async function removeProject(context: Context, project: Project) {
  const { store, directory } = context;
  const owned = (row: { project_id: number }) => row.project_id === project.id;
  for (const schedule of store.schedules.filter(owned))
    store.scheduleVariables.deleteWhere((row) => row.schedule_id === schedule.id);
  store.schedules.deleteWhere(owned);
  for (const pipeline of store.pipelines.filter(owned)) await removePipeline(context, pipeline);
  store.protectedBranches.deleteWhere(owned);
  store.protectedTags.deleteWhere(owned);
  store.hooks.deleteWhere(owned);
  store.redirects.deleteWhere(owned);
  store.accessTokens.deleteWhere((row) => row.project_id === project.id);
  removeOwned(store, { kind: "project", id: project.id });
  for (const runner of store.runners.filter((row) => row.project_ids.includes(project.id)))
    store.runners.update(runner, {
      project_ids: runner.project_ids.filter((id) => id !== project.id),
    });
  const isUseless = (row: Runner) =>
    row.runner_type === "project_type" && row.project_ids.length === 0;
  for (const runner of store.runners.filter(isUseless)) removeRunner(context, runner);
  store.projects.delete(project);
  await removeRepository(repositoryDirectory(directory, project.id));
}

/** Removes a group with its subgroups and projects. */
export async function removeGroup(context: Context, group: Group): Promise<void> {
  const { store } = context;
  for (const project of store.projects.filter((row) => row.namespace_id === group.id))
    await removeProject(context, project);
  for (const child of store.namespaces.all())
    if (child.kind === "group" && child.parent_id === group.id) await removeGroup(context, child);
  removeOwned(store, { kind: "group", id: group.id });
  for (const runner of store.runners.filter((row) => row.group_id === group.id))
    removeRunner(context, runner);
  store.namespaces.delete(group);
}

function removeOwned(store: Context["store"], parent: Parent): void {
  const owned = ownedBy(parent);
  store.variables.deleteWhere(owned);
  store.members.deleteWhere(owned);
  store.deployTokens.deleteWhere(owned);
}
