import type { Servers } from "./servers.ts";

/** All that a stack can leave on its servers, by name; what is there twice is listed twice. */
export interface Inventory {
  readonly groups: readonly string[];
  readonly projects: readonly string[];
  readonly runners: readonly string[];
  readonly variables: readonly string[];
  readonly schedules: readonly string[];
  readonly repositories: readonly string[];
  readonly publications: readonly string[];
}

export const nothing: Inventory = {
  groups: [],
  projects: [],
  runners: [],
  variables: [],
  schedules: [],
  repositories: [],
  publications: [],
};

/** What the dev stack makes. */
export const devStack: Inventory = {
  groups: ["infra"],
  projects: [
    "infra/ci: package-v1.yml",
    "infra/datahook: .gitlab-ci.yml",
    "infra/ying: .gitlab-ci.yml",
  ],
  runners: ["infra"],
  variables: [
    "APTLY_PASSWORD",
    "APTLY_URL",
    "APTLY_USERNAME",
    "APT_URL",
    "BUILDER_IMAGE_BOOKWORM",
    "BUILDER_IMAGE_TRIXIE",
  ],
  schedules: [],
  repositories: ["infra_bookworm", "infra_trixie"],
  publications: ["trunk/bookworm", "trunk/trixie"],
};

/**
 * Asks GitLab and aptly themselves what there is. Groups and projects that wait for their deletion
 * count: GitLab lists them under another name.
 */
export async function takeInventory({ gitlab, aptly }: Servers): Promise<Inventory> {
  const groups = await gitlab.call<{ full_path: string }[]>("GET", "/groups?per_page=100");
  const projects = await gitlab.call<ProjectRow[]>("GET", "/projects?per_page=100");
  const runners = await gitlab.call<{ description: string }[]>("GET", "/runners/all");
  const variables = await listOf<{ key: string }>("variables", "groups", groups);
  const schedules = await listOf<{ ref: string }>("pipeline_schedules", "projects", projects);
  const repositories = await aptly.raw<{ Name: string }[]>("GET", "/repos");
  const published = await aptly.raw<PublicationRow[]>("GET", "/publish");
  return {
    groups: groups.map(({ full_path }) => full_path).sort(),
    projects: (await Promise.all(projects.map(describeProject))).sort(),
    runners: runners.map(({ description }) => description).sort(),
    variables: variables.map(({ key }) => key).sort(),
    schedules: schedules.map(({ ref }) => ref).sort(),
    repositories: (repositories ?? []).map(({ Name }) => Name).sort(),
    publications: (published ?? [])
      .map(({ Prefix, Distribution }) => `${Prefix}/${Distribution}`)
      .sort(),
  };

  async function listOf<Row>(
    list: string,
    parents: "groups" | "projects",
    rows: readonly { readonly id?: number; readonly full_path?: string }[],
  ): Promise<Row[]> {
    const lists = rows.map(({ id, full_path }) =>
      gitlab.call<Row[]>("GET", `/${parents}/${id ?? encodeURIComponent(`${full_path}`)}/${list}`),
    );
    return (await Promise.all(lists)).flat();
  }

  async function describeProject({ id, path_with_namespace }: ProjectRow): Promise<string> {
    const tree = await gitlab.look<{ path: string }[]>(`/projects/${id}/repository/tree`);
    return [`${path_with_namespace}:`, ...(tree ?? []).map(({ path }) => path)].join(" ");
  }
}

interface ProjectRow {
  readonly id: number;
  readonly path_with_namespace: string;
}

interface PublicationRow {
  readonly Prefix: string;
  readonly Distribution: string;
}
