import type { Variables } from "./model.ts";
import type { PackageArchitecture } from "./package-shape.ts";

/** An architecture that a package is built for. */
export interface BuildArchitecture {
  /** Debian's name of it, for example `arm64`. */
  readonly name: string;
  /** Runner tags of its jobs; empty for a runner that takes untagged jobs. */
  readonly tags: readonly string[];
}

/** The machines that jobs run on: those of one architecture, or any where none is named. */
export interface Machine {
  /** Their architecture; undefined where the pipeline does not tell architectures apart. */
  readonly architecture?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** What the names of their jobs have behind the codename; undefined for the first machines. */
  readonly suffix?: string | undefined;
}

interface Plan {
  readonly architecture: PackageArchitecture;
  readonly machines: readonly Machine[];
}

/** The first has the names of jobs that a package on one architecture has, so that another adds jobs and renames none. */
export function toMachines(
  tags: readonly string[],
  architectures: readonly BuildArchitecture[] | undefined,
): readonly [Machine, ...Machine[]] {
  const [first = { name: undefined, tags }, ...further] = architectures ?? [];
  return [
    { architecture: first.name, tags: orNone(first.tags) },
    ...further.map(({ name, tags }) => ({
      architecture: name,
      tags: orNone(tags),
      suffix: name,
    })),
  ];
}

function orNone(tags: readonly string[]): readonly string[] | undefined {
  return tags.length > 0 ? tags : undefined;
}

/** Those that compile: each for itself, or the first for all. */
export function listCompiling({ architecture, machines }: Plan): readonly Machine[] {
  return architecture === "all" ? machines.slice(0, 1) : machines;
}

/** Those whose packages are installed on a machine: its own, and the first, which have what is for all. */
export function listSources(plan: Plan, machine: Machine): readonly Machine[] {
  return listCompiling(plan).filter((each, index) => index === 0 || each === machine);
}

/** The machines' architecture, for their jobs. */
export function tellArchitecture({ architecture }: Machine): Variables {
  return architecture === undefined ? {} : { BUILD_ARCHITECTURE: architecture };
}

/** Whose packages a job is handed; what is compiled once needs no telling. */
export function tellSources(plan: Plan, sources: readonly Machine[]): Variables {
  const names = sources.flatMap(({ architecture }) => architecture ?? []);
  if (plan.architecture === "all" || names.length === 0) return {};
  return { PACKAGES_FROM: names.join(" ") };
}
