import { runnerTag } from "../validation/text-rules.ts";
import { type Entry, toSlug, uniqueName, withoutUnset } from "./adopted.ts";
import type { GitLabWorld } from "./gitlab-world.ts";

export interface AdoptedRunners {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly remarks: readonly string[];
}

/**
 * Runners that others registered: packages may use their tags, and nothing is done about them, since
 * GitLab tells a runner's token only once.
 */
export function toRunners(
  { groups, projects, runners }: GitLabWorld,
  packages: ReadonlyMap<number, string>,
  mainGroup: string,
): AdoptedRunners {
  const entries: Record<string, Entry> = {};
  const remarks: string[] = [];
  for (const row of runners) {
    const tags = [...(row.tag_list ?? [])];
    const subject = `runner ${row.id} (${row.description ?? "without description"})`;
    const group = groups.find((each) => row.groups?.some(({ id }) => id === each.row.id));
    const project = projects.find((each) => row.projects?.some(({ id }) => id === each.row.id));
    const served = project && packages.get(project.row.id);
    if (tags.length === 0 || tags.some((tag) => runnerTag(tag))) {
      remarks.push(`${subject} has no tags to name it by; it is left alone.`);
      continue;
    }
    if (row.runner_type === "project_type" && !served) continue;
    const name = uniqueName(toSlug(row.description ?? "") || "runner", (each) => each in entries);
    const isMain = group === undefined || group.row.full_path === mainGroup;
    entries[name] = withoutUnset({
      existing: true,
      tags,
      scope: row.runner_type === "project_type" ? "project" : undefined,
      package: row.runner_type === "project_type" ? served : undefined,
      group: row.runner_type === "group_type" && !isMain ? group.row.full_path : undefined,
    });
  }
  return { entries, remarks };
}
