import type { AptlyWorld } from "./aptly-world.ts";
import type { Declared } from "./declared.ts";
import type { ScheduleRow } from "./gitlab-rows.ts";
import type { GitLabWorld, GroupWorld, ProjectWorld } from "./gitlab-world.ts";

type Inputs = Declared["inputs"];
type Identify = (inputs: Inputs) => string | undefined;

type Kinds = Readonly<Record<string, Identify>>;

/** Finds the ids, as `pulumi import` wants them, of what a program asks for and is there already. */
export function identifier(gitlab: GitLabWorld, aptly: AptlyWorld) {
  const kinds: Kinds = { ...ofGroups(gitlab), ...ofProjects(gitlab), ...ofAptly(aptly) };
  return (type: string, inputs: Inputs): string | undefined =>
    kinds[type.slice(type.lastIndexOf(":") + 1)]?.(inputs);
}

function ofGroups({ groups, projects }: GitLabWorld): Kinds {
  return {
    Group: ({ path, parentId }) => {
      const isIt = ({ row }: GroupWorld) =>
        row.path === path && (parentId === undefined || row.parent_id === parentId);
      return toText(groups.find(isIt)?.row.id);
    },
    GroupVariable: ({ group, key, environmentScope = "*" }) => {
      const found = groups.find(({ row }) => String(row.id) === group)?.variables;
      return has(found, key, environmentScope) ? `${group}:${key}:${environmentScope}` : undefined;
    },
    Project: ({ path, namespaceId }) => {
      const isIt = ({ row }: ProjectWorld) => row.path === path && row.namespace.id === namespaceId;
      return toText(projects.find(isIt)?.row.id);
    },
  };
}

/** What is in a project; each answer is the id without the project. */
const inProject: Readonly<
  Record<string, (project: ProjectWorld, inputs: Inputs) => string | undefined>
> = {
  ProjectVariable: ({ variables }, { key, environmentScope = "*" }) =>
    has(variables, key, environmentScope) ? `${key}:${environmentScope}` : undefined,
  BranchProtection: ({ protections }, { branch }) =>
    protections?.some(({ name }) => name === branch) ? String(branch) : undefined,
  TagProtection: ({ protectedTags }, { tag }) =>
    protectedTags.includes(String(tag)) ? String(tag) : undefined,
  RepositoryFile: ({ row, pipeline }, { branch, filePath }) =>
    pipeline !== undefined && filePath === ".gitlab-ci.yml" && branch === row.default_branch
      ? `${branch}:${filePath}`
      : undefined,
  PipelineScheduleVariable: ({ schedules }, { pipelineScheduleId: id, key }) =>
    schedules?.find((each) => each.id === id)?.variables?.some((each) => each.key === key)
      ? `${id}:${key}`
      : undefined,
};

function ofProjects(gitlab: GitLabWorld): Kinds {
  const projects = new Map(gitlab.projects.map((each) => [String(each.row.id), each]));
  // Two schedules may be alike.
  const claimed = new Set<number>();
  const findSchedule = ({ schedules }: ProjectWorld, inputs: Inputs) => {
    const found = schedules?.find((each) => isSchedule(each, inputs) && !claimed.has(each.id));
    if (found) claimed.add(found.id);
    return toText(found?.id);
  };
  const entries = Object.entries({ ...inProject, PipelineSchedule: findSchedule });
  return Object.fromEntries(
    entries.map(([kind, find]) => [
      kind,
      (inputs: Inputs) => {
        const project = projects.get(String(inputs.project));
        const found = project && find(project, inputs);
        return found === undefined ? undefined : `${inputs.project}:${found}`;
      },
    ]),
  );
}

function ofAptly({ repositories, publications }: AptlyWorld): Kinds {
  return {
    LocalRepository: ({ name }) => repositories.find((each) => each.name === name)?.name,
    Publication: ({ prefix, distribution }) => {
      const isIt = (row: AptlyWorld["publications"][number]) =>
        !row.Storage && row.Prefix === prefix && row.Distribution === distribution;
      return publications.some(isIt) ? `${prefix}/${distribution}` : undefined;
    },
  };
}

function toText(id: number | undefined): string | undefined {
  return id === undefined ? undefined : String(id);
}

function has(variables: GroupWorld["variables"], key: unknown, scope: unknown): boolean {
  return (variables ?? []).some((row) => row.key === key && row.environment_scope === scope);
}

function isSchedule(row: ScheduleRow, { description, cron, ref }: Inputs): boolean {
  return row.description === description && row.cron === cron && row.ref === ref;
}
