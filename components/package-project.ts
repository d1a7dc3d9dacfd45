import * as gitlab from "@pulumi/gitlab";
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { Pipeline } from "../pipeline/model.ts";
import { renderPipeline } from "../pipeline/render.ts";
import { Component, withoutProtection } from "./base.ts";
import { type AptlyAccess, toJobVariables } from "./job-access.ts";
import { createChild, type Transform } from "./transform.ts";
import { listVariables, type NamedVariable, type Variables } from "./variables.ts";

export interface PackageProjectArgs {
  /** Last part of the project's path. */
  readonly path: string;
  /** Number of the group that holds the project. */
  readonly namespaceId: Input<number>;
  /**
   * What is committed as `.gitlab-ci.yml` on the default branch, with the CI settings that it needs.
   * Default: nothing; the pipeline is the team's own, and CI settings stay as they are.
   */
  readonly pipeline?: Pipeline | undefined;
  /** What must be there before the pipeline is committed: what it includes. Default: nothing. */
  readonly pipelineAfter?: readonly Resource[] | undefined;
  /** Default: left as it is. */
  readonly description?: string | undefined;
  /** Who sees the project. Default: `private` for a new one, else left as it is. */
  readonly visibility?: "private" | "internal" | "public" | undefined;
  /** What is asked of merge requests. Default: left as it is; see {@link newProject}. */
  readonly mergeRequests?: MergeRequestSettings | undefined;
  /** The branch whose pipelines upload. Default: `main`; without `pipeline` left as it is. */
  readonly defaultBranch?: string | undefined;
  /** Protected branches, by name or wildcard. Default: the default branch; without `pipeline` left as they are. */
  readonly protectedBranches?: Readonly<Record<string, ProtectedBranch>> | undefined;
  /** Lowest role that makes tags of a name or wildcard. Default: as they are. */
  readonly protectedTags?: Readonly<Record<string, Role>> | undefined;
  /**
   * Handed to the jobs of this project alone, before what its group hands them; the credentials to
   * protected branches only. Default: nothing of its own.
   */
  readonly aptly?: AptlyAccess | undefined;
  /** Image of each distribution's jobs, by codename, before the group's. Default: none. */
  readonly builderImages?: Readonly<Record<string, Input<string>>> | undefined;
  /** Users who are members of the project itself, by name. Others are left alone. Default: none. */
  readonly members?: Readonly<Record<string, ProjectMember>> | undefined;
  /** CI/CD variables of the project. One of a name that is handed over replaces it. Default: none. */
  readonly variables?: Variables;
  /** What becomes of the project when it leaves the stack. Default: `archive`. */
  readonly onDestroy?: "archive" | "delete";
  /** Let runners of the whole instance take its jobs. Default: not in a new one, else left as it is. */
  readonly instanceRunners?: boolean | undefined;
  /** Let runners of its groups take its jobs. Default: left as it is, which GitLab begins with `true`. */
  readonly groupRunners?: boolean | undefined;
  /** Regular pipeline of the default branch. Default: none. */
  readonly schedule?: PipelineSchedule | undefined;
  /** Further schedules, by their logical names' ends. Default: none. */
  readonly schedules?: Readonly<Record<string, NamedSchedule>> | undefined;
  /**
   * Make the project read-only. What is in it stays as it is, since GitLab takes no changes then: of
   * what the arguments name, only what is there already may be named. Default: false.
   */
  readonly archived?: boolean;
  /** Changes to the resources that it is made of. Default: none. */
  readonly transform?: {
    readonly project?: Transform<gitlab.ProjectArgs>;
    /** For each of the variables. */
    readonly variables?: Transform<gitlab.ProjectVariableArgs>;
    readonly pipelineFile?: Transform<gitlab.RepositoryFileArgs>;
    readonly branchProtection?: Transform<gitlab.BranchProtectionArgs>;
    /** For each of the protected tags. */
    readonly tagProtection?: Transform<gitlab.TagProtectionArgs>;
    /** For each of the schedules. */
    readonly schedule?: Transform<gitlab.PipelineScheduleArgs>;
    /** For each of the members. */
    readonly members?: Transform<gitlab.ProjectMembershipArgs>;
  };
}

export interface ProjectMember {
  /** Number of the user: `gitlab.getUserOutput({ username: "ada" }).userId`. */
  readonly userId: Input<number>;
  readonly accessLevel: "guest" | "planner" | "reporter" | "developer" | "maintainer" | "owner";
}

/** GitLab's settings by its own names. */
export type MergeRequestSettings = Pick<
  gitlab.ProjectArgs,
  | "onlyAllowMergeIfPipelineSucceeds"
  | "allowMergeOnSkippedPipeline"
  | "onlyAllowMergeIfAllDiscussionsAreResolved"
  | "removeSourceBranchAfterMerge"
  | "mergeMethod"
  | "squashOption"
>;

/** What a project begins with. One that is there already keeps what it has. */
const newProject = {
  visibilityLevel: "private",
  sharedRunnersEnabled: false,
  publicJobs: false,
  autoDevopsEnabled: false,
  onlyAllowMergeIfPipelineSucceeds: true,
  removeSourceBranchAfterMerge: true,
} as const satisfies Partial<gitlab.ProjectArgs>;

export interface PipelineSchedule {
  /** When to run, in five fields. */
  readonly cron: string;
  /** Time zone of `cron`. Default: `UTC`. */
  readonly timezone?: string;
}

export interface NamedSchedule extends PipelineSchedule {
  /** What it is for. */
  readonly description: string;
  /** Branch or tag that it runs for. Default: the default branch. */
  readonly ref?: string | undefined;
  /** Whether it runs at all. Default: true. */
  readonly active?: boolean;
  /** What its pipelines get, by key; pass secrets as such. Default: none. */
  readonly variables?: Readonly<Record<string, ScheduleVariable>>;
}

export interface ScheduleVariable {
  readonly value: Input<string>;
  /** Give jobs the path of a file with the value. Default: false. */
  readonly file?: boolean;
}

type Role = "no one" | "developer" | "maintainer" | "admin";

export interface ProtectedBranch {
  /** Lowest role that pushes. */
  readonly push: Role;
  /** Lowest role that merges. */
  readonly merge: Role;
  /** Whether those who push may rewrite history. Default: false. */
  readonly forcePush?: boolean;
}

/** What the pipelines that are committed need. */
const pipelineSettings = {
  // Jobs of one project on one runner must not share a work tree.
  buildGitStrategy: "clone",
  ciConfigPath: ".gitlab-ci.yml",
  // Who may set variables of a pipeline could send the upload's password elsewhere.
  ciPipelineVariablesMinimumOverrideRole: "maintainer",
  ciSeparatedCaches: true,
} as const satisfies Partial<gitlab.ProjectArgs>;

/** How the branch is protected whose pipelines upload. */
const uploading: ProtectedBranch = { push: "maintainer", merge: "developer" };

/**
 * The project of one package: CI settings under which parallel jobs do not disturb each other, a
 * protected default branch, and the pipeline committed to it. With `protect`, the project alone is
 * protected.
 *
 * ```ts
 * new PackageProject("datahook", { path: "datahook", namespaceId: group.groupId, pipeline });
 * ```
 */
export class PackageProject extends Component {
  static readonly type = "trunkline:ci:PackageProject";
  /** `group/project`. */
  readonly pathWithNamespace: Output<string>;
  readonly httpUrlToRepo: Output<string>;
  readonly nodes: {
    readonly project: gitlab.Project;
    readonly variables: readonly gitlab.ProjectVariable[];
    /** None for a pipeline of the team's own. */
    readonly pipelineFile?: gitlab.RepositoryFile;
    /** Of the default branch. */
    readonly branchProtection?: gitlab.BranchProtection;
    /** Every protected branch's. */
    readonly branchProtections: readonly gitlab.BranchProtection[];
    readonly tagProtections: readonly gitlab.TagProtection[];
    /** Of the default branch. */
    readonly schedule?: gitlab.PipelineSchedule;
    readonly schedules: readonly gitlab.PipelineSchedule[];
    readonly members: readonly gitlab.ProjectMembership[];
  };

  constructor(name: string, args: PackageProjectArgs, opts?: ComponentResourceOptions) {
    super(PackageProject.type, name, withoutProtection(opts));
    const parent = this;
    const protect = opts?.protect ?? false;
    const { pipeline, archived = false, defaultBranch = "main", onDestroy = "archive" } = args;

    const project = createProject();
    // It goes as a whole: an archived project keeps what is in it.
    const inProject = {
      parent,
      deletedWith: project,
      ...(archived && { ignoreChanges: ["*"] }),
    };
    const own = args.variables ?? {};
    const access = listVariables(withoutKeys(toJobVariables(args), own)).map(createAccessVariable);
    const variables = listVariables(own).map(createVariable);
    const branchProtections = Object.entries(
      args.protectedBranches ?? (pipeline ? { [defaultBranch]: uploading } : {}),
    ).map(createBranchProtection);
    const branchProtection = branchProtections.find(({ made }) => made === defaultBranch);
    const tagProtections = Object.entries(args.protectedTags ?? {}).map(createTagProtection);
    const pipelineFile = pipeline && createPipelineFile(pipeline);
    const committed = { ...inProject, ...(pipelineFile && { dependsOn: [pipelineFile] }) };
    const members = Object.entries(args.members ?? {}).map(createMember);
    const schedule = args.schedule && createSchedule("", regular(args.schedule));
    const schedules = Object.entries(args.schedules ?? {}).map(([suffix, each]) =>
      createSchedule(`-${suffix}`, each),
    );

    this.pathWithNamespace = project.pathWithNamespace;
    this.httpUrlToRepo = project.httpUrlToRepo;
    this.nodes = {
      project,
      variables: [...access, ...variables],
      members,
      ...(pipelineFile && { pipelineFile }),
      ...(branchProtection && { branchProtection: branchProtection.protection }),
      branchProtections: branchProtections.map(({ protection }) => protection),
      tagProtections,
      ...(schedule && { schedule }),
      schedules,
    };
    this.registerOutputs({
      pathWithNamespace: this.pathWithNamespace,
      httpUrlToRepo: this.httpUrlToRepo,
    });

    function createProject() {
      const initial = () => ({ name: args.path, ...newProject });
      return createChild(gitlab.Project, args.transform?.project, initial)(
        `${name}-project`,
        {
          path: args.path,
          namespaceId: args.namespaceId,
          description: args.description,
          visibilityLevel: args.visibility,
          archived,
          ...(pipeline ? { defaultBranch, ...pipelineSettings } : pickBranch(args)),
          sharedRunnersEnabled: args.instanceRunners,
          groupRunnersEnabled: args.groupRunners,
          ...args.mergeRequests,
          archiveOnDestroy: onDestroy === "archive",
          permanentlyDeleteOnDestroy: onDestroy === "delete",
        },
        { parent, protect },
      );
    }

    /** Deleted by itself: an archived project keeps what is in it, and credentials must not stay there. */
    function createAccessVariable({ suffix, args: variable }: NamedVariable) {
      return createChild(gitlab.ProjectVariable, args.transform?.variables)(
        `${name}-${suffix}`,
        { project: project.id, ...variable },
        { parent },
      );
    }

    function createVariable({ suffix, args: variable }: NamedVariable) {
      return createChild(gitlab.ProjectVariable, args.transform?.variables)(
        `${name}-${suffix}`,
        { project: project.id, ...variable },
        inProject,
      );
    }

    /** Before the file: a branch to which nobody may push, by somebody's hand, would refuse its commit. */
    function createBranchProtection([branch, { push, merge, forcePush }]: [
      string,
      ProtectedBranch,
    ]) {
      const suffix = branch === defaultBranch ? "default-branch" : `branch-${branch}`;
      const protection = createChild(gitlab.BranchProtection, args.transform?.branchProtection)(
        `${name}-${suffix}`,
        {
          project: project.id,
          branch,
          pushAccessLevel: push,
          mergeAccessLevel: merge,
          allowForcePush: forcePush ?? false,
        },
        inProject,
      );
      return { made: branch, protection };
    }

    function createTagProtection([tag, createAccessLevel]: [string, Role]) {
      return createChild(gitlab.TagProtection, args.transform?.tagProtection)(
        `${name}-tag-${tag}`,
        { project: project.id, tag, createAccessLevel },
        inProject,
      );
    }

    function createPipelineFile(content: Pipeline) {
      return createChild(gitlab.RepositoryFile, args.transform?.pipelineFile)(
        `${name}-pipeline`,
        {
          project: project.id,
          branch: defaultBranch,
          filePath: ".gitlab-ci.yml",
          content: renderPipeline(content),
          encoding: "text",
          createCommitMessage: "Add the pipeline",
          updateCommitMessage: "Update the pipeline",
          deleteCommitMessage: "Remove the pipeline",
          // A project that is adopted may have a pipeline already.
          overwriteOnCreate: true,
        },
        // A branch that is no longer the default one keeps the file: its removal would be merged with it.
        {
          ...inProject,
          dependsOn: [
            ...(args.pipelineAfter ?? []),
            ...access,
            ...branchProtections.map(({ protection }) => protection),
          ],
          retainOnDelete: true,
        },
      );
    }

    function createMember([username, { userId, accessLevel }]: [string, ProjectMember]) {
      return createChild(gitlab.ProjectMembership, args.transform?.members)(
        `${name}-member-${username}`,
        { project: project.id, userId, accessLevel },
        inProject,
      );
    }

    function regular(schedule: PipelineSchedule): NamedSchedule {
      return { ...schedule, description: `Regular pipeline of ${defaultBranch}` };
    }

    function createSchedule(suffix: string, schedule: NamedSchedule) {
      const made = createChild(gitlab.PipelineSchedule, args.transform?.schedule)(
        `${name}-schedule${suffix}`,
        {
          project: project.id,
          description: schedule.description,
          ref: schedule.ref ?? `refs/heads/${defaultBranch}`,
          cron: schedule.cron,
          cronTimezone: schedule.timezone ?? "UTC",
          ...(schedule.active === false && { active: false }),
        },
        committed,
      );
      for (const [key, { value, file }] of Object.entries(schedule.variables ?? {})) {
        new gitlab.PipelineScheduleVariable(
          `${name}-schedule${suffix}-${key}`,
          {
            project: project.id,
            pipelineScheduleId: made.pipelineScheduleId,
            key,
            value,
            ...(file && { variableType: "file" }),
          },
          { ...inProject, deletedWith: made },
        );
      }
      return made;
    }
  }
}

function pickBranch({ defaultBranch }: PackageProjectArgs) {
  return defaultBranch === undefined ? {} : { defaultBranch };
}

function withoutKeys(variables: Variables, others: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([key]) => !(key in others)));
}
