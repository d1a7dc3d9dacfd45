import { type BuildArchitecture, toMachines } from "./machines.ts";
import type { Include, TemplateReference } from "./model.ts";
import type { BuildSystem, PackageArchitecture } from "./package-shape.ts";

/** Tests of the installed packages, between compiling and uploading them. */
export interface PackageTests {
  /** Shell lines, run in a clone of the source on a machine where the built packages are installed. */
  readonly script: readonly string[];
  /** JUnit files that they write, by path or pattern (`*`) in the clone; each must be there in the end. */
  readonly reports: readonly string[];
  /**
   * Packages that are installed together, by a name of the group: each group has a test job of its own
   * in each distribution. Default: all that were built, in one job.
   */
  readonly groups?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** One distribution to compile on and to publish for. */
export interface Target {
  /** For example `bookworm`; suffix of versions and of the jobs' names. */
  readonly codename: string;
  /** Builder image, best by digest. It carries `builderPackages` and the build dependencies. */
  readonly image: string;
  /** Arguments for cmake's configure step there, after the package's. Default: none. */
  readonly cmakeArguments?: readonly string[] | undefined;
  /** Variables of the job that compiles there. Default: none. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export interface DebianPackagePipelineArgs {
  /** Debian source name, for example `datahook`. */
  readonly package: string;
  /** In the order of the file; at least one, no codename twice. */
  readonly targets: readonly Target[];
  /**
   * Runner tags of every job, unless `architectures` has them; empty for a runner that takes untagged
   * jobs.
   */
  readonly tags: readonly string[];
  /**
   * What it is built for, no name twice. Each has jobs of its own; the first builds what is for all
   * architectures. Default: what the runner of `tags` is, and nothing is said about it.
   */
  readonly architectures?: readonly BuildArchitecture[] | undefined;
  /** What turns the source into packages. Default: `cmake`. */
  readonly buildSystem?: BuildSystem;
  /** `all` compiles once, on the first target, and gives every target the same files. Default: `any`. */
  readonly architecture?: PackageArchitecture;
  /** `CMAKE_INSTALL_PREFIX`, added to `CMAKE_PREFIX_PATH` too; with packaging in `debian/`, `/usr`. */
  readonly installPrefix: string;
  /** Packages of the team's own apt repository, installed at the start of each build. Default: none. */
  readonly uses?: readonly string[];
  /** Apt sources of the builder image, by name, that have some of these. Default: the team's own alone. */
  readonly usedSources?: readonly string[];
  /** Folder of the source that has `CMakeLists.txt` or `debian/`. Default: its root. */
  readonly sourceFolder?: string | undefined;
  /** Further arguments for cmake's configure step, taken as they are. Default: none. */
  readonly cmakeArguments?: readonly string[];
  /** CI/CD variables whose values cmake gets, by the names of its cache entries. Default: none. */
  readonly cmakeVariables?: Readonly<Record<string, string>>;
  /** Tests that an upload waits for. Default: none. */
  readonly tests?: PackageTests | undefined;
  /**
   * How many versions of each package an upload leaves, by Debian's order, and the one that it
   * uploads; at least 1. Default: all.
   */
  readonly keepVersions?: number | undefined;
  /**
   * Tags whose pipelines upload, by wildcard: `v*`. What `*` stands for must be the version that is built.
   * Default: none; the default branch's pipelines upload.
   */
  readonly releaseTags?: string | undefined;
  /**
   * Whether an upload fails where its version is there as another file although nothing of the
   * package's sources changed. Default: false, it leaves what is there and says so.
   */
  readonly strictVersions?: boolean | undefined;
  readonly apt: {
    /** Publish prefix, `""` for the root. */
    readonly prefix: string;
    /** First part of the local repositories' names. */
    readonly repository: string;
    readonly component: string;
    /** Published architectures. */
    readonly architectures: readonly string[];
    /** Fingerprint of the key that aptly signs with. Default: the server's default key. */
    readonly signingKey?: string;
  };
  /** How long packages wait for a retried upload, in GitLab's words. Default: `1 week`. */
  readonly artifactsExpireIn?: string;
  /**
   * Every stage in its order, those of the package's own jobs among `compile`, `test` and `upload`.
   * Default: these three, without `test` where there are no tests.
   */
  readonly stages?: readonly string[] | undefined;
  /** Further files with jobs of the package's own, after its `.gitlab/package.yml`. Default: none. */
  readonly include?: readonly Include[] | undefined;
  /** The state of the template project that has the jobs' shell. Default: none, the file carries it. */
  readonly template?: TemplateReference | undefined;
  /** What the file is made from, for its first line, for example `trunkline:packages.datahook of the stack dev`. */
  readonly origin: string;
}

/** The arguments, every default filled. */
export type PackagePlan = ReturnType<typeof fillDefaults>;

/** Fills in every default. */
export function fillDefaults(args: DebianPackagePipelineArgs) {
  const { buildSystem = "cmake", architecture = "any", artifactsExpireIn = "1 week" } = args;
  const {
    uses = [],
    usedSources = [],
    cmakeArguments = [],
    cmakeVariables = {},
    include = [],
  } = args;
  return {
    ...args,
    machines: toMachines(args.tags, args.architectures),
    buildSystem,
    architecture,
    artifactsExpireIn,
    uses,
    usedSources,
    cmakeArguments,
    cmakeVariables,
    include,
  };
}
