/** What a stack's configuration says of packages; checked before, by `make up`. */
export interface StackPackages {
  "trunkline:group": string | { path: string };
  "trunkline:apt"?: { prefix?: string; component?: string; architectures?: string[] };
  "trunkline:packages": Record<string, StackPackage>;
}

interface StackPackage {
  distributions?: string[];
  uses?: string[];
  group?: string;
  project?: string;
}

/** Full path of a package's project. */
export function findProject(config: StackPackages, name: string): string {
  const main = config["trunkline:group"];
  const { group, project = name } = config["trunkline:packages"][name] ?? {};
  return `${group ?? (typeof main === "string" ? main : main.path)}/${project}`;
}

/** All packages that a package is built with, each after those that it is built with itself. */
export function findUsed(config: StackPackages, name: string): string[] {
  const found: string[] = [];
  const seen = new Set([name]);
  const visit = (each: string) => {
    for (const used of config["trunkline:packages"][each]?.uses ?? []) {
      // Somebody else publishes what is of another apt source.
      if (seen.has(used) || used.includes("/")) continue;
      seen.add(used);
      visit(used);
      found.push(used);
    }
  };
  visit(name);
  return found;
}

/**
 * Whether apt finds a package in every distribution of `user`, which is built with it.
 * @param apt Address of the published repositories.
 */
export async function isPublished(
  config: StackPackages,
  { apt, name, user }: { apt: string; name: string; user: string },
): Promise<boolean> {
  const {
    prefix = "",
    component = "main",
    architectures = ["amd64"],
  } = config["trunkline:apt"] ?? {};
  for (const codename of config["trunkline:packages"][user]?.distributions ?? []) {
    const release = [prefix, "dists", codename, component].filter((part) => part !== "").join("/");
    for (const architecture of architectures) {
      const response = await fetch(new URL(`${release}/binary-${architecture}/Packages`, apt));
      if (response.status === 404) return false;
      if (!response.ok) throw new Error(`GET ${response.url} answered ${response.status}`);
      if (!(await response.text()).split("\n").includes(`Package: ${name}`)) return false;
    }
  }
  return true;
}
