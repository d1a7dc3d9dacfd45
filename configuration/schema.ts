import { z } from "zod";
import { buildSystems, packageArchitectures } from "../pipeline/package-shape.ts";
import { packageVariableKey } from "../pipeline/variables.ts";
import { host } from "../runner/host.ts";
import { rotationSettings } from "../runner/rotation.ts";
import { runnerSettings } from "../runner/settings.ts";
import { checkGroupPath, checkProjectPath } from "../validation/gitlab-paths.ts";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";
import { aptSources, mirror, mirrors, ownAptSources } from "./apt-sources.ts";
import { architectures, defaultArchitectures, onArchitecture } from "./architectures.ts";
import { furtherGroups, mainGroup } from "./groups.ts";
import { mergeRequests } from "./merge-requests.ts";
import { schedule, schedules } from "./pipeline-schedules.ts";
import { protectedBranches } from "./protected-branches.ts";
import { variables } from "./variables.ts";

export const distributionEntry = z
  .strictObject({
    baseImage: text(rule.imageReference).optional().meta({
      description: "Image that the builder image starts from.",
      unset: "the vendor's, for example `debian:bookworm`; needed for a codename not known by name",
    }),
    image: text(rule.imageReference).optional().meta({
      description: "Builder image made elsewhere, used instead of building one.",
      unset: "none; with `trunkline:images: existing` the base image",
    }),
    vendor: z.enum(["ubuntu", "debian"]).optional().meta({
      description: "Whose release it is; only for a codename not known by name.",
      unset: "known",
    }),
    version: z.string().min(1).optional().meta({
      description: "The release's version number; only for a codename not known by name.",
      unset: "known",
    }),
    mirror: mirror.optional().meta({
      description:
        "apt mirror that the builder image installs from: its address, which stands for the vendor's, or an object.",
      unset: "the vendor's, or its archive for an old release",
    }),
    aptSources: ownAptSources.meta({
      description:
        "Further apt repositories of this distribution's images; `false` leaves one of `trunkline:aptSources` out.",
    }),
    before: z.array(z.string().min(1)).default([]).meta({
      description:
        "Shell lines that its images run before packages are installed, for example to add a PPA.",
    }),
    acceptEndOfLife: z.boolean().default(false).meta({
      description: "Build for the release although it gets no security updates any more.",
    }),
    protect: z.boolean().optional().meta({
      description:
        "Refuse to take it off this list. `false`: it may go with the packages in its repository.",
      unset: "`trunkline:protect`; while packages are in its repository true",
    }),
  })
  .meta({ placeholder: "codename" });

const apt = z
  .strictObject({
    prefix: text(rule.aptlyPrefix).meta({
      description:
        "Prefix that every distribution is published under; with an endpoint of aptly's configuration `s3:packages:trunk` or `filesystem:disk:trunk`.",
    }),
    repository: text(rule.aptlyName).meta({
      description: "First part of the local repositories' names: `infra` gives `infra_bookworm`.",
    }),
    component: text(rule.aptlyName).default("main").meta({ description: "apt component." }),
    architectures: z
      .array(text(rule.debianArchitecture))
      .min(1)
      .default(defaultArchitectures)
      .meta({
        description: "Architectures to publish.",
      }),
    signingKey: text(rule.keyFingerprint).optional().meta({
      description: "Fingerprint of the key that aptly signs with.",
      unset: "the aptly server's default key",
    }),
    keyFile: z.string().min(1).optional().meta({
      description: "File with the armoured public key that the repositories are signed with.",
      unset: "the environment's `APT_KEY_FILE`",
    }),
    url: text(rule.httpUrl).optional().meta({
      description: "Address that apt clients read the published repositories from, without prefix.",
      unset: "the environment's `APT_URL`",
    }),
    inImages: z.boolean().default(false).meta({
      description:
        "Builder images install from it too: `buildDepends` may name what is published there, and it must be reachable while an image is built.",
    }),
    keepVersions: z.int().min(1).optional().meta({
      description:
        "Versions that an upload leaves of each package that it uploads, the newest by Debian's order.",
      unset: "all",
    }),
    origin: z.string().min(1).optional().meta({
      description: "Origin of the Release files, which apt's preferences can name.",
      unset: "aptly's",
    }),
    label: z.string().min(1).optional().meta({
      description: "Label of the Release files. Their Suite is the distribution's name.",
      unset: "aptly's",
    }),
    notAutomatic: z.boolean().optional().meta({
      description: "Tell apt to install from the repositories on request only.",
      unset: "as it is; of a new one `false`",
    }),
    butAutomaticUpgrades: z.boolean().optional().meta({
      description:
        "With `notAutomatic`: tell apt to upgrade from the repositories what is installed.",
      unset: "as it is; of a new one `false`",
    }),
    acquireByHash: z.boolean().optional().meta({
      description:
        "Keep indexes by their hash too, so that apt meets no hash mismatch during a publish.",
      unset: "as it is; of a new one `true`",
    }),
    strictVersions: z.boolean().default(false).meta({
      description:
        "Fail an upload of a version that is there as another file, also when nothing of the package's sources changed.",
    }),
  })
  .check(({ value, issues }) => {
    if (!value.butAutomaticUpgrades || value.notAutomatic) return;
    issues.push({
      code: "custom",
      input: value,
      path: ["butAutomaticUpgrades"],
      message: "is true without notAutomatic, and then apt does not read it",
      params: { fix: "Set notAutomatic: true beside it, or leave it out." },
    });
  });

export const runnerEntry = runnerSettings
  .extend({
    existing: z.boolean().default(false).meta({
      description:
        "Others registered it: nothing is done about it but to let packages use its tags. Beside it stand `tags` and, where they are not the defaults, `scope`, `group`, `package` and `architecture`.",
    }),
    scope: z.enum(["group", "project", "instance"]).default("group").meta({
      description: "Whose jobs it takes. `instance` needs an administrator's token.",
    }),
    group: text(checkGroupPath).optional().meta({
      description:
        "Full path of the group whose projects it serves, those of groups below it too, for the scope `group`.",
      unset: "`trunkline:group`",
    }),
    package: z.string().optional().meta({
      description: "The package whose project it serves, for the scope `project`.",
      unset: "none",
    }),
    architecture: text(rule.debianArchitecture).optional().meta({
      description: "What its machine is, in Debian's words: it takes jobs of this architecture.",
      unset: "the first of `trunkline:apt.architectures`",
    }),
    ...rotationSettings,
    host: host.optional().meta({
      description: "Where its process runs.",
      unset: "elsewhere: bring `runnerConfigs` there yourself",
    }),
    cacheSecret: z.string().min(8).optional().meta({
      description: "Secret of `cache.accessId`; set it with `pulumi config set --secret --path`.",
      keepsSecret: true,
      unset: "none",
    }),
  })
  .meta({ placeholder: "runner" });

const templateRef = text(rule.branchName).optional();

const ci = z.strictObject({
  project: text(checkProjectPath).default("ci").meta({
    description: "Last part of the path of the project that holds the jobs' shell.",
  }),
  ref: templateRef.meta({
    description:
      "State of that project which the packages' pipelines use, a tag as a rule: `package-v1-…`.",
    unset: "the newest",
  }),
  pushAccessLevel: z.enum(["maintainer", "admin"]).default("maintainer").meta({
    description:
      "Lowest role that pushes to that project and makes its tags. `admin`: administrators alone, for a stack whose user is one.",
  }),
});

const include = z.strictObject({
  local: text(rule.repositoryPath).optional().meta({
    description: "A file of the package's repository. Give this, or `project` and `file`.",
    unset: "none",
  }),
  project: text(checkGroupPath).optional().meta({
    description: "Full path of a project that has the file.",
    unset: "none",
  }),
  file: text(rule.repositoryPath).optional().meta({
    description: "The file in `project`.",
    unset: "none",
  }),
  ref: templateRef.meta({
    description: "Branch, tag or commit of `project`.",
    unset: "its default branch",
  }),
});

const pipelineForm = z.enum(["include", "inline"]);
const packagePipelineForm = z.enum([...pipelineForm.options, "own"]);

const tests = z.strictObject({
  script: z.array(z.string().min(1)).min(1).meta({
    description:
      "Shell lines, run in a clone of the source where the built packages are installed.",
  }),
  reports: z.array(text(rule.reportPath)).min(1).meta({
    description: "JUnit files that they write, by path or pattern: `build/*.xml`.",
  }),
  depends: z.array(text(rule.debianPackageName)).default([]).meta({
    description: "Debian packages that they need, kept in the builder image.",
  }),
  groups: z
    .record(text(rule.testGroup), z.array(text(rule.debianPackageName)).min(1))
    .optional()
    .meta({
      description:
        "Built packages that are installed together, by a name: each group is tested in a job of its own, where `$TESTED_GROUP` is that name. For packages of which two conflict.",
      unset: "all together",
    }),
});

const ownOn = z.strictObject({
  buildDepends: z.array(text(rule.debianPackageName)).default([]).meta({
    description: "Debian packages that the build needs there, beside those of everywhere.",
  }),
  cmakeArguments: z.array(text(rule.cmakeArgument)).default([]).meta({
    description: "Arguments for cmake's configure step there, after those of everywhere.",
    shownIn: "it is committed with the package's pipeline",
  }),
  variables: z.record(text(packageVariableKey), z.string()).default({}).meta({
    description: "Variables of the job that compiles there.",
    shownIn: "it is committed with the package's pipeline",
  }),
});

export const packageEntry = z
  .strictObject({
    distributions: z.array(z.string()).min(1).optional().meta({
      description: "Codenames to build for, each one of `trunkline:distributions`.",
      unset: "required; with `pipeline: own` none",
    }),
    buildSystem: z.enum(buildSystems).default("cmake").meta({
      description:
        "What turns the source into packages: CMake with CPack, or its own packaging in `debian/`.",
    }),
    architecture: z.enum(packageArchitectures).default("any").meta({
      description:
        "`all` for packages that are the same everywhere, headers or data: they are built once, on the first distribution, and the same files go to every one.",
    }),
    installPrefix: text(rule.absolutePath).default("/usr").meta({
      description: "`CMAKE_INSTALL_PREFIX`; also searched for the packages in `uses`.",
    }),
    buildDepends: z.array(text(rule.debianPackageName)).default([]).meta({
      description: "Debian packages that the build needs, kept in the builder image.",
    }),
    uses: z.array(text(rule.usedPackage)).default([]).meta({
      description:
        "Packages of this stack that the build needs, and, as `<source>/<package>`, those of an apt source: another stack's.",
    }),
    sourceFolder: text(rule.sourceFolder).optional().meta({
      description: "Folder of the repository that has `CMakeLists.txt` or `debian/`.",
      unset: "its root",
    }),
    cmakeArguments: z.array(text(rule.cmakeArgument)).default([]).meta({
      description:
        "Further arguments for cmake's configure step, taken as they are: `-GNinja`, `-DWITH_TOOLS=ON`.",
      shownIn: "it is committed with the package's pipeline",
    }),
    cmakeVariables: z.record(text(rule.cmakeEntry), text(rule.variableKey)).default({}).meta({
      description:
        "Cache entries of CMake whose value is a CI/CD variable's, as the job has it: `{ BUILD_NUMBER: CI_PIPELINE_IID }`. A value that differs from pipeline to pipeline needs a version that does, too.",
    }),
    architectures: architectures.meta({
      description:
        "Architectures to build for, each one of `trunkline:apt.architectures`. The first builds what is for all of them.",
      unset: "`trunkline:architectures`",
    }),
    tags: z.array(text(rule.runnerTag)).optional().meta({
      description: "Runner tags of its jobs; of several architectures, those of the first.",
      unset: "those of the only runner",
    }),
    onArchitecture: onArchitecture.meta({
      description: "What is different on an architecture, by its name.",
    }),
    on: z
      .record(text(rule.codename), ownOn.meta({ placeholder: "codename" }))
      .default({})
      .meta({ description: "What is different on a distribution, by codename." }),
    imageGroup: text(rule.aptSourceName).optional().meta({
      description:
        "Packages of one group have builder images of their own, where what they need conflicts with what others do.",
      unset: "none: the images of all that name none",
    }),
    images: z.record(text(rule.codename), text(rule.imageReference)).default({}).meta({
      description: "Builder images made elsewhere, by codename.",
    }),
    tests: tests.optional().meta({
      description: "Tests of the installed packages, which an upload waits for.",
      shownIn: "it is committed with the package's pipeline",
      unset: "none",
    }),
    keepVersions: z.int().min(1).optional().meta({
      description: "Versions that an upload leaves of each package, for this one.",
      unset: "`trunkline:apt.keepVersions`",
    }),
    strictVersions: z.boolean().optional().meta({
      description: "Fail an upload of a version that is there as another file, for this package.",
      unset: "`trunkline:apt.strictVersions`",
    }),
    pipeline: packagePipelineForm.optional().meta({
      description:
        "Form of this package's pipeline. `own`: it is the team's, nothing is committed, and CI settings stay as they are.",
      unset: "`trunkline:pipeline`",
    }),
    ci: z
      .strictObject({
        ref: templateRef.meta({
          description: "State of the template project, for this package alone.",
          unset: "`trunkline:ci.ref`",
        }),
      })
      .default({})
      .meta({ description: "Where this package's jobs get their shell." }),
    stages: z.array(text(rule.stageName)).min(1).optional().meta({
      description:
        "Every stage in its order, those of the package's own jobs among `compile`, `test` (where it has tests) and `upload`.",
      unset: "these alone",
    }),
    include: z.array(include).default([]).meta({
      description:
        "Further files with jobs of the package's own, beside its `.gitlab/package.yml`: `{ local }`, or `{ project, file, ref }`.",
    }),
    group: text(checkGroupPath).optional().meta({
      description: "Full path of the group that holds its project, one of `trunkline:groups`.",
      unset: "`trunkline:group`",
    }),
    project: text(checkProjectPath).optional().meta({
      description: "Last part of the GitLab project's path.",
      unset: "the package's name",
    }),
    description: z.string().optional().meta({
      description: "The project's description.",
      unset: "as it is",
    }),
    visibility: z.enum(["private", "internal", "public"]).optional().meta({
      description: "Who sees the project: no more than see its group.",
      unset: "as it is; of a new project `private`",
    }),
    members: z
      .record(
        text(rule.username),
        z.enum(["guest", "planner", "reporter", "developer", "maintainer", "owner"]),
      )
      .default({})
      .meta({
        description:
          "Members of the project and their roles, by user name. Others, and those of the group, are left alone.",
      }),
    mergeRequests: mergeRequests.default({}).meta({
      description: "What is asked of merge requests.",
    }),
    defaultBranch: text(rule.branchName).optional().meta({
      description: "Branch whose pipelines upload.",
      unset: "`main`; with `pipeline: own` as it is",
    }),
    release: z.enum(["branch", "tags"]).default("branch").meta({
      description:
        "What uploads: every pipeline of the default branch, or those of `releaseTags` alone. Other branches, merge requests and, with `tags`, the default branch compile and test.",
    }),
    releaseTags: text(rule.releaseTags).optional().meta({
      description:
        "Tags that release with `release: tags`; `*` stands for the version that is built, with or without its revision. The stack protects them: maintainers make them.",
      unset: "`v*`",
    }),
    protectedBranches: protectedBranches.optional().meta({
      description: "Protected branches, by name or wildcard. Others are left as they are.",
      unset:
        "the default branch: maintainers push, developers merge; with `pipeline: own` as they are",
    }),
    variables: variables.meta({
      description:
        "CI/CD variables of the project: by key a value, what is said below, or a list of that with different scopes.",
    }),
    schedule: schedule.optional().meta({
      description: "Regular pipeline of the default branch.",
      unset: "none",
    }),
    schedules: schedules.meta({ description: "Further schedules, by name." }),
    archived: z.boolean().default(false).meta({
      description:
        "Retire the package: its project becomes read-only with all that is in it, its schedule stops, and what is published stays.",
    }),
    protect: z.boolean().optional().meta({
      description: "Refuse to take it off this list. `false`: its project may go.",
      unset: "`trunkline:protect`",
    }),
  })
  .meta({ placeholder: "package" });

export const configurationSchema = z.strictObject({
  group: mainGroup.meta({
    description: "GitLab group that holds the projects: its full path, or an object.",
  }),
  groups: furtherGroups.meta({
    description:
      "Further groups for packages' projects, by full path; `packages.<package>.group` names one.",
  }),
  registry: text(rule.registry).optional().meta({
    description: "Where builder images are pushed: `host[:port][/path]`.",
    unset: "required once an image is built",
  }),
  images: z.enum(["build", "existing"]).default("build").meta({
    description: "Build the builder images, or use those that `image` and `images` name.",
  }),
  protect: z.boolean().optional().meta({
    description: "Refuse to delete projects and published repositories, and to destroy the stack.",
    unset: "true, in the stack `dev` false",
  }),
  onDestroy: z.enum(["archive", "delete"]).default("archive").meta({
    description:
      "What becomes of a project that leaves the stack: archived, or deleted for good. With `delete`, packages do not keep a local repository either.",
  }),
  distributions: z.record(text(rule.codename), distributionEntry).meta({
    description: "Distributions that packages may build for, by codename.",
  }),
  aptSources: aptSources.meta({
    description:
      "Further apt repositories of all images, by name: ROS, a vendor's, another stack's. Jobs have them too.",
  }),
  mirrors: mirrors.meta({
    description: "Archives that aptly copies and publishes as they were on a day, by name.",
  }),
  apt: apt.meta({ description: "Where packages are published." }),
  architectures: architectures.meta({
    description: "Architectures that packages are built for, each one that is published.",
    unset: "the first of `trunkline:apt.architectures`",
  }),
  pipeline: pipelineForm.default("include").meta({
    description:
      "`include`: pipelines include the jobs' shell from one project. `inline`: each carries it, for a GitLab where projects cannot include one another.",
  }),
  ci: ci.prefault({}).meta({ description: "The project that the pipelines include." }),
  runners: z.record(text(rule.runnerName), runnerEntry).default({}).meta({
    description: "Runners to register, by name.",
  }),
  variables: variables.meta({
    description: "CI/CD variables of the group, which all its projects get; as a package's.",
  }),
  packages: z.record(text(rule.debianPackageName), packageEntry).default({}).meta({
    description: "Packages, by Debian source name.",
  }),
});

/** The configuration as written, defaults filled; what depends on other keys is still open. */
export type WrittenConfiguration = z.output<typeof configurationSchema>;
