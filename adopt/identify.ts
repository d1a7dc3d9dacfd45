import type { AptlyWorld } from "./aptly-world.ts";
import type { Declared } from "./declared.ts";
import type { ScheduleRow } from "./gitlab-rows.ts";
import type { GitLabWorld, ProjectWorld } from "./gitlab-world.ts";

type Inputs = Declared["inputs"];
type Identify = (inputs: Inputs) => string | undefined;

/** Finds the ids, as `pulumi import` wants them, of what a program asks for and is there already. */
export function identifier(
  gitlab: GitLabWorld,
  aptly: AptlyWorld,
): (type: string, inputs: Inputs) => string | undefined {
  const projects = new Map(gitlab.projects.map((each) => [String(each.row.id), each]));
  const inProject =
    (find: (project: ProjectWorld, inputs: Inputs) => string | undefined): Identify =>
    (inputs) => {
      const project = projects.get(String(inputs.project));
      const found = project && find(project, inputs);
      return found === undefined ? undefined : `${inputs.project}:${found}`;
    };
  const claimed = new Set<string>();
  const kinds: Readonly<Record<string, Identify>> = {
    Group: ({ path, parentId }) => {
      const isIt = ({ row }: GitLabWorld["groups"][number]) =>
        row.path === path && (parentId === undefined || row.parent_id === parentId);
      return toText(gitlab.groups.find(isIt)?.row.id);
    },
    Project: ({ path, namespaceId }) =>
      toText(
        gitlab.projects.find(({ row }) => row.path === path && row.namespace.id === namespaceId)
          ?.row.id,
      ),
    GroupVariable: ({ group, key, environmentScope = "*" }) => {
      const found = gitlab.groups.find(({ row }) => String(row.id) === group)?.variables;
      return has(found, key, environmentScope) ? `${group}:${key}:${environmentScope}` : undefined;
    },
    ProjectVariable: inProject(({ variables }, { key, environmentScope = "*" }) =>
      has(variables, key, environmentScope) ? `${key}:${environmentScope}` : undefined,
    ),
    BranchProtection: inProject(({ protections }, { branch }) =>
      protections?.some(({ name }) => name === branch) ? String(branch) : undefined,
    ),
    TagProtection: inProject(({ protectedTags }, { tag }) =>
      protectedTags.includes(String(tag)) ? String(tag) : undefined,
    ),
    RepositoryFile: inProject(({ row, pipeline }, { branch, filePath }) =>
      pipeline !== undefined && filePath === ".gitlab-ci.yml" && branch === row.default_branch
        ? `${branch}:${filePath}`
        : undefined,
    ),
    PipelineSchedule: inProject(({ row, schedules }, inputs) => {
      const found = schedules?.find(
        (each) => isSchedule(each, inputs) && !claimed.has(`${row.id}:${each.id}`),
      );
      if (found) claimed.add(`${row.id}:${found.id}`);
      return toText(found?.id);
    }),
    PipelineScheduleVariable: inProject(({ schedules }, { pipelineScheduleId: id, key }) =>
      schedules?.find((each) => each.id === id)?.variables?.some((each) => each.key === key)
        ? `${id}:${key}`
        : undefined,
    ),
    LocalRepository: ({ name }) => aptly.repositories.find((each) => each.name === name)?.name,
    Publication: ({ prefix, distribution }) =>
      aptly.publications.some(
        (row) => !row.Storage && row.Prefix === prefix && row.Distribution === distribution,
      )
        ? `${prefix}/${distribution}`
        : undefined,
  };
  return (type, inputs) => kinds[type.slice(type.lastIndexOf(":") + 1)]?.(inputs);
}

function toText(id: number | undefined): string | undefined {
  return id === undefined ? undefined : String(id);
}

function has(
  variables: GitLabWorld["groups"][number]["variables"],
  key: unknown,
  scope: unknown,
): boolean {
  return (variables ?? []).some((row) => row.key === key && row.environment_scope === scope);
}

function isSchedule(row: ScheduleRow, { description, cron, ref }: Inputs): boolean {
  return row.description === description && row.cron === cron && row.ref === ref;
}
