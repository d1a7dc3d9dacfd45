import * as gitlab from "@pulumi/gitlab";
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { Pipeline } from "../pipeline/model.ts";
import { renderPipeline } from "../pipeline/render.ts";
import { Component } from "./base.ts";
import { createChild, type Transform } from "./transform.ts";

export interface PackageProjectArgs {
  /** Last part of the project's path. */
  readonly path: string;
  /** Number of the group that holds the project. */
  readonly namespaceId: Input<number>;
  /** What is committed as `.gitlab-ci.yml` on the default branch. */
  readonly pipeline: Pipeline;
  /** What must be there before the pipeline is committed: what it includes. Default: nothing. */
  readonly pipelineAfter?: readonly Resource[] | undefined;
  /** Default: none. */
  readonly description?: string;
  /** Who sees the project. Default: `private`. */
  readonly visibility?: "private" | "internal" | "public";
  /** The protected branch whose pipelines upload. Default: `main`. */
  readonly defaultBranch?: string;
  /** Plain CI/CD variables of the project. Default: none. */
  readonly variables?: Readonly<Record<string, Input<string>>>;
  /** What becomes of the project when it leaves the stack. Default: `archive`. */
  readonly onDestroy?: "archive" | "delete";
  /** Let runners of the whole instance take its jobs. Default: false, the group's and its own only. */
  readonly instanceRunners?: boolean;
  /** Regular pipeline of the default branch. Default: none. */
  readonly schedule?: PipelineSchedule | undefined;
  /** Changes to the resources that it is made of. Default: none. */
  readonly transform?: {
    readonly project?: Transform<gitlab.ProjectArgs>;
    /** For each of the variables. */
    readonly variables?: Transform<gitlab.ProjectVariableArgs>;
    readonly pipelineFile?: Transform<gitlab.RepositoryFileArgs>;
    readonly branchProtection?: Transform<gitlab.BranchProtectionArgs>;
    readonly schedule?: Transform<gitlab.PipelineScheduleArgs>;
  };
}

export interface PipelineSchedule {
  /** When to run, in five fields. */
  readonly cron: string;
  /** Time zone of `cron`. Default: `UTC`. */
  readonly timezone?: string;
}

/**
 * The project of one package: CI settings under which parallel jobs do not disturb each other, a
 * protected default branch, and the pipeline committed to it.
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
    readonly pipelineFile: gitlab.RepositoryFile;
    readonly branchProtection: gitlab.BranchProtection;
    readonly schedule?: gitlab.PipelineSchedule;
  };

  constructor(name: string, args: PackageProjectArgs, opts?: ComponentResourceOptions) {
    super(PackageProject.type, name, opts);
    const parent = this;
    const { defaultBranch = "main", onDestroy = "archive" } = args;

    const project = createProject();
    // It goes as a whole: an archived project keeps what is in it.
    const inProject = { parent, deletedWith: project };
    const variables = Object.entries(args.variables ?? {}).map(createVariable);
    const branchProtection = createBranchProtection();
    const pipelineFile = createPipelineFile();
    const schedule = args.schedule && createSchedule(args.schedule);

    this.pathWithNamespace = project.pathWithNamespace;
    this.httpUrlToRepo = project.httpUrlToRepo;
    this.nodes = {
      project,
      variables,
      pipelineFile,
      branchProtection,
      ...(schedule && { schedule }),
    };
    this.registerOutputs({
      pathWithNamespace: this.pathWithNamespace,
      httpUrlToRepo: this.httpUrlToRepo,
    });

    function createProject() {
      return createChild(gitlab.Project, args.transform?.project)(
        `${name}-project`,
        {
          name: args.path,
          path: args.path,
          namespaceId: args.namespaceId,
          description: args.description ?? "",
          visibilityLevel: args.visibility ?? "private",
          defaultBranch,
          // Jobs of one project on one runner must not share a work tree.
          buildGitStrategy: "clone",
          ciConfigPath: ".gitlab-ci.yml",
          ciForwardDeploymentEnabled: true,
          ciPipelineVariablesMinimumOverrideRole: "maintainer",
          ciSeparatedCaches: true,
          keepLatestArtifact: true,
          autoCancelPendingPipelines: "enabled",
          autoDevopsEnabled: false,
          sharedRunnersEnabled: args.instanceRunners ?? false,
          groupRunnersEnabled: true,
          publicJobs: false,
          onlyAllowMergeIfPipelineSucceeds: true,
          removeSourceBranchAfterMerge: true,
          archiveOnDestroy: onDestroy === "archive",
          permanentlyDeleteOnDestroy: onDestroy === "delete",
        },
        { parent },
      );
    }

    function createVariable([key, value]: [string, Input<string>]) {
      return createChild(gitlab.ProjectVariable, args.transform?.variables)(
        `${name}-${key}`,
        { project: project.id, key, value, raw: true },
        inProject,
      );
    }

    /** Before the file: a branch to which nobody may push, by somebody's hand, would refuse its commit. */
    function createBranchProtection() {
      return createChild(gitlab.BranchProtection, args.transform?.branchProtection)(
        `${name}-default-branch`,
        {
          project: project.id,
          branch: defaultBranch,
          pushAccessLevel: "maintainer",
          mergeAccessLevel: "developer",
          allowForcePush: false,
        },
        inProject,
      );
    }

    function createPipelineFile() {
      return createChild(gitlab.RepositoryFile, args.transform?.pipelineFile)(
        `${name}-pipeline`,
        {
          project: project.id,
          branch: defaultBranch,
          filePath: ".gitlab-ci.yml",
          content: renderPipeline(args.pipeline),
          encoding: "text",
          createCommitMessage: "Add the pipeline",
          updateCommitMessage: "Update the pipeline",
          deleteCommitMessage: "Remove the pipeline",
          // A project that is adopted may have a pipeline already.
          overwriteOnCreate: true,
        },
        { ...inProject, dependsOn: [...(args.pipelineAfter ?? []), branchProtection] },
      );
    }

    function createSchedule({ cron, timezone }: PipelineSchedule) {
      return createChild(gitlab.PipelineSchedule, args.transform?.schedule)(
        `${name}-schedule`,
        {
          project: project.id,
          description: `Regular pipeline of ${defaultBranch}`,
          ref: `refs/heads/${defaultBranch}`,
          cron,
          cronTimezone: timezone ?? "UTC",
        },
        { ...inProject, dependsOn: [pipelineFile] },
      );
    }
  }
}
