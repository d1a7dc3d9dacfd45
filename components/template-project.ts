import * as gitlab from "@pulumi/gitlab";
import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { Pipeline } from "../pipeline/model.ts";
import { templateBranch, templateFile, templateTags } from "../pipeline/names.ts";
import type { Template } from "../pipeline/template.ts";
import { Component, withoutProtection } from "./base.ts";
import { lintPipelines } from "./pipeline-lint.ts";
import { createChild, type Transform } from "./transform.ts";

export interface TemplateProjectArgs {
  /** Full path of the group that holds the project. */
  readonly group: string;
  /** Number of that group. */
  readonly namespaceId: Input<number>;
  /** Last part of the project's path. */
  readonly path: string;
  /** The shell of the packages' jobs: `renderTemplate()`. */
  readonly template: Template;
  /**
   * Who sees the project: at least who sees a project whose pipeline includes it, since GitLab asks
   * whether the user who starts a pipeline may read what it includes. Default: `private`.
   */
  readonly visibility?: "private" | "internal" | "public";
  /**
   * Lowest role that pushes to its default branch and makes its tags; `admin` where the token's user is
   * an administrator. Default: `maintainer`.
   */
  readonly pushAccessLevel?: "maintainer" | "admin";
  /** The pipelines that are linted with the shell before it is committed, by their projects' full paths. */
  readonly pipelines: Readonly<Record<string, Pipeline>>;
  /**
   * Known once the pipelines' projects are there: in one of them GitLab lints. Default: at once, for
   * projects that others made.
   */
  readonly projectsMade?: Input<unknown>;
  /** What becomes of the project when it leaves the stack. Default: `archive`. */
  readonly onDestroy?: "archive" | "delete";
  /** Changes to the resources that it is made of. Default: none. */
  readonly transform?: {
    readonly project?: Transform<gitlab.ProjectArgs>;
    readonly file?: Transform<gitlab.RepositoryFileArgs>;
    readonly branchProtection?: Transform<gitlab.BranchProtectionArgs>;
    readonly tagProtection?: Transform<gitlab.TagProtectionArgs>;
    readonly tag?: Transform<gitlab.ProjectTagArgs>;
  };
}

/**
 * The project that packages' pipelines include, so that a change of their jobs' shell is one commit.
 * Every state of it has a tag that names its content. Who pushes to it and makes such tags is
 * restricted, since its shell runs with every package's upload credentials. It has no pipelines of its own.
 *
 * ```ts
 * new TemplateProject("ci", {
 *   group: "infra", path: "ci", namespaceId: group.groupId,
 *   template: renderTemplate(), pipelines: { "infra/datahook": pipeline },
 * });
 * ```
 */
export class TemplateProject extends Component {
  static readonly type = "trunkline:ci:TemplateProject";
  /** The tag of the state that it has. */
  readonly tag: string;
  /** `group/project`. */
  readonly pathWithNamespace: Output<string>;
  /** What a pipeline that includes the project's newest state has to wait for. */
  readonly committed: readonly Resource[];
  readonly nodes: {
    readonly project: gitlab.Project;
    readonly file: gitlab.RepositoryFile;
    readonly branchProtection: gitlab.BranchProtection;
    readonly tagProtection: gitlab.TagProtection;
    readonly tag: gitlab.ProjectTag;
  };

  constructor(name: string, args: TemplateProjectArgs, opts?: ComponentResourceOptions) {
    super(TemplateProject.type, name, withoutProtection(opts));
    const parent = this;
    const { template, onDestroy = "archive", pushAccessLevel = "maintainer" } = args;

    const project = createProject();
    const inProject = { parent, deletedWith: project };
    const branchProtection = createBranchProtection();
    const file = createFile();
    const tagProtection = createTagProtection();
    const tag = createTag();

    this.tag = template.tag;
    this.pathWithNamespace = project.pathWithNamespace;
    this.committed = [file, tag];
    this.nodes = { project, file, branchProtection, tagProtection, tag };
    this.registerOutputs({ pathWithNamespace: this.pathWithNamespace });

    function createProject() {
      const initial = () => ({
        name: args.path,
        description: "Shell of the packages' jobs, which their pipelines include",
      });
      return createChild(gitlab.Project, args.transform?.project, initial)(
        `${name}-project`,
        {
          path: args.path,
          namespaceId: args.namespaceId,
          visibilityLevel: args.visibility ?? "private",
          archived: false,
          defaultBranch: templateBranch,
          buildsAccessLevel: "disabled",
          archiveOnDestroy: onDestroy === "archive",
          permanentlyDeleteOnDestroy: onDestroy === "delete",
        },
        { parent, protect: opts?.protect ?? false },
      );
    }

    /** Before the file: a branch to which nobody may push, by somebody's hand, would refuse its commit. */
    function createBranchProtection() {
      return createChild(gitlab.BranchProtection, args.transform?.branchProtection)(
        `${name}-default-branch`,
        {
          project: project.id,
          branch: templateBranch,
          pushAccessLevel,
          mergeAccessLevel: "no one",
          allowForcePush: false,
        },
        inProject,
      );
    }

    function createFile() {
      return createChild(gitlab.RepositoryFile, args.transform?.file)(
        `${name}-package-v1`,
        {
          project: project.id,
          branch: templateBranch,
          filePath: templateFile,
          content: template.content,
          encoding: "text",
          createCommitMessage: "Add the shell of packages' jobs",
          updateCommitMessage: "Update the shell of packages' jobs",
          deleteCommitMessage: "Remove the shell of packages' jobs",
          // An update that was cut off may have committed it.
          overwriteOnCreate: true,
        },
        { ...inProject, dependsOn: linted().apply(() => [branchProtection]) },
      );
    }

    function linted(): Output<void> {
      const { group, path, pipelines, projectsMade } = args;
      const project = `${group}/${path}`;
      return lintPipelines({ project, template, pipelines, projectsMade }, parent);
    }

    function createTagProtection() {
      return createChild(gitlab.TagProtection, args.transform?.tagProtection)(
        `${name}-tags`,
        { project: project.id, tag: templateTags, createAccessLevel: pushAccessLevel },
        inProject,
      );
    }

    /** Kept when the next state gets its own, since other packages or stacks may use this one. */
    function createTag() {
      return createChild(gitlab.ProjectTag, args.transform?.tag)(
        `${name}-${template.tag}`,
        { project: project.id, name: template.tag, ref: templateBranch },
        {
          ...inProject,
          dependsOn: [file, tagProtection],
          retainOnDelete: true,
        },
      );
    }
  }
}
