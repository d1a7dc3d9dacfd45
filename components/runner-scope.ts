import type { PlannedRunner } from "../rules/stack.ts";
import type { PackageGroup } from "./package-group.ts";
import type { PackageProject } from "./package-project.ts";
import type { RunnerScope } from "./runner.ts";

/** The objects of the stack that a planned runner's scope stands for. */
export function toRunnerScope(
  planned: Pick<PlannedRunner, "scope" | "package">,
  group: PackageGroup,
  projects: Readonly<Record<string, PackageProject>>,
): RunnerScope {
  if (planned.scope === "instance") return { instance: true };
  if (planned.scope === "group") return { groupId: group.groupId };
  const served = projects[planned.package ?? ""];
  if (!served) throw new Error(`the check let a runner of "${planned.package}" through`);
  return { projectId: served.nodes.project.id.apply(Number) };
}
