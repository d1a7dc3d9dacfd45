import { AdoptError } from "./adopt-error.ts";
import { type Adopted, type AdoptedSecret, below, type Entry, withoutUnset } from "./adopted.ts";
import { type AdoptedApt, type AptPlace, toApt } from "./apt.ts";
import type { AptlyWorld } from "./aptly-world.ts";
import type { GroupRow } from "./gitlab-rows.ts";
import type { GitLabWorld, ProjectWorld } from "./gitlab-world.ts";
import { isTemplate, type Known, planPackages } from "./package-plan.ts";
import type { Finding } from "./pipeline-findings.ts";
import { toRunners } from "./runners.ts";
import { toVariables } from "./variables.ts";

export interface AdoptionRequest {
  readonly gitlab: GitLabWorld;
  readonly aptly: AptlyWorld;
  /** What the stack's configuration has already, by full key. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** Full paths or last parts of projects to leave alone. */
  readonly skipped: readonly string[];
  /** Replace hand-written pipelines by the stack's. */
  readonly takeOver: boolean;
  readonly today: Date;
}

/** What is written into a stack's configuration, and what is told about it. */
export interface Adoption {
  /** Values by full key, and below a key by name; what is there already is not touched. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly entries: Readonly<Record<string, Entry>>;
  readonly secrets: readonly AdoptedSecret[];
  readonly remarks: readonly string[];
  /** Of hand-written pipelines, by full path of the project. */
  readonly findings: Readonly<Record<string, readonly Finding[]>>;
  /** Full paths of projects whose pipeline the stack writes. */
  readonly takenOver: readonly string[];
}

export function planAdoption(request: AdoptionRequest): Adoption {
  const { configured, skipped, takeOver } = request;
  const gitlab = inOrder(request.gitlab);
  const [main] = gitlab.groups;
  if (!main) throw new Error("a group was read without itself");
  const mainGroup = toMainGroup(configured) ?? main.row.full_path;
  const given = toObject(configured["trunkline:apt"]) as Partial<AptPlace>;
  const apt = toApt(request.aptly, given, request.today);
  refuseNoPlace(apt, given);
  const known = toKnown(configured, mainGroup);
  const { packages, remarks } = planPackages({
    projects: gitlab.projects,
    known,
    mainGroup,
    skipped,
    takeOver,
    place: apt.place,
    distributions: Object.keys(apt.distributions),
  });
  const runners = toRunners(gitlab, nameProjects(gitlab, known, packages), mainGroup);
  const variables = planGroupVariables(gitlab, mainGroup);
  const named = Object.fromEntries(packages.map(({ name, entry }) => [name, entry]));
  return {
    values: { "trunkline:group": toGroup(main.row) },
    entries: {
      "trunkline:apt": { ...apt.place },
      "trunkline:ci": planTemplatePath(gitlab.projects, named),
      "trunkline:groups": toFurtherGroups(gitlab, mainGroup, variables),
      "trunkline:distributions": apt.distributions,
      "trunkline:runners": runners.entries,
      "trunkline:variables": variables.ofStack,
      "trunkline:packages": named,
    },
    secrets: [
      ...variables.secrets,
      ...packages.flatMap((each) => below(each, "trunkline:packages")),
    ],
    remarks: [apt, runners, variables, { remarks }, ...packages].flatMap((each) => each.remarks),
    findings: Object.fromEntries(
      packages.flatMap(({ fullPath, findings }) => (findings ? [[fullPath, findings]] : [])),
    ),
    takenOver: packages.filter((each) => each.isTakenOver).map(({ fullPath }) => fullPath),
  };
}

/** Without a place to publish to there is no stack. */
function refuseNoPlace({ place, remarks }: AdoptedApt, given: Partial<AptPlace>): void {
  if (place !== undefined || given.prefix !== undefined) return;
  const found = remarks.length > 0 ? ` ${remarks.join(" ")}` : "";
  throw new AdoptError(
    `aptly publishes nothing that the configuration can say.${found} Set trunkline:apt and trunkline:distributions (docs/configuration.md), and run this again.`,
  );
}

/** The packages of all projects, those that the stack had before, too. */
function nameProjects(
  { projects }: GitLabWorld,
  known: Known,
  packages: ReturnType<typeof planPackages>["packages"],
): Map<number, string> {
  const before = projects.flatMap(({ row }): [number, string][] => {
    const name = known.get(row.path_with_namespace.toLowerCase());
    return name === undefined ? [] : [[row.id, name]];
  });
  return new Map([...before, ...packages.map(({ id, name }) => [id, name] as const)]);
}

function toGroup({ full_path: path, description, visibility }: GroupRow): Entry {
  return withoutUnset({ path, description: description || undefined, visibility });
}

function toFurtherGroups(
  { groups }: GitLabWorld,
  mainGroup: string,
  { ofGroups }: GroupVariables,
): Entry {
  const others = groups.filter(({ row }) => row.full_path !== mainGroup);
  return Object.fromEntries(
    others.map(({ row: { full_path: path, visibility } }) => {
      const variables = ofGroups[path] ?? {};
      return [path, { visibility, ...(Object.keys(variables).length > 0 && { variables }) }];
    }),
  );
}

/** What is written stays in one order, however GitLab lists it: the group's own projects first. */
function inOrder(world: GitLabWorld): GitLabWorld {
  const depth = ({ row }: ProjectWorld) => row.path_with_namespace.split("/").length;
  const projects = world.projects.toSorted(
    (a, b) =>
      depth(a) - depth(b) || a.row.path_with_namespace.localeCompare(b.row.path_with_namespace),
  );
  return { ...world, projects };
}

/** The template project's path where a project of the team's has the usual one. */
function planTemplatePath(
  projects: readonly ProjectWorld[],
  packages: Readonly<Record<string, Entry>>,
) {
  const isTaken = projects.some((each) => each.row.path === "ci" && !isTemplate(each));
  return isTaken && "ci" in packages ? { project: "trunkline-ci" } : {};
}

/** The variables of the stack's own group are the stack's: those below get them from it. */
function planGroupVariables({ groups }: GitLabWorld, mainGroup: string): GroupVariables {
  const plans = groups.map(({ row, variables = [] }) => {
    const isMain = row.full_path === mainGroup;
    const place = isMain
      ? ["trunkline:variables"]
      : ["trunkline:groups", row.full_path, "variables"];
    const adopted = toVariables(variables, row.full_path);
    return { ...adopted, path: row.full_path, isMain, secrets: below(adopted, ...place) };
  });
  const unread = groups.filter(({ variables }) => variables === undefined);
  return {
    ofStack: plans.find(({ isMain }) => isMain)?.entry ?? {},
    ofGroups: Object.fromEntries(plans.map(({ path, entry }) => [path, entry])),
    secrets: plans.flatMap((each) => each.secrets),
    remarks: [
      ...unread.map(
        ({ row }) =>
          `${row.full_path}: the token's user may not read its variables; they are left alone.`,
      ),
      ...plans.flatMap((each) => each.remarks),
    ],
  };
}

interface GroupVariables extends Pick<Adopted<Entry>, "secrets" | "remarks"> {
  readonly ofStack: Entry;
  /** By full path. */
  readonly ofGroups: Readonly<Record<string, Entry>>;
}

/** The stack's own group, where the configuration has one: another becomes one of its further groups. */
function toMainGroup(configured: Readonly<Record<string, unknown>>): string | undefined {
  const { "trunkline:group": written } = configured;
  const path = typeof written === "object" ? toObject(written).path : written;
  return typeof path === "string" ? path : undefined;
}

function toKnown(configured: Readonly<Record<string, unknown>>, mainGroup: string): Known {
  const packages = Object.entries(toObject(configured["trunkline:packages"]));
  return new Map(
    packages.map(([name, written]) => {
      const { group = mainGroup, project = name } = toObject(written);
      return [`${group}/${project}`.toLowerCase(), name];
    }),
  );
}

export function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
