import * as gitlab from "@pulumi/gitlab";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { Component, withoutProtection } from "./base.ts";
import { type AptlyAccess, toJobVariables } from "./job-access.ts";
import { createChild, markOf, type Transform } from "./transform.ts";
import { listVariables, type NamedVariable, type Variables } from "./variables.ts";

export interface PackageGroupArgs {
  /** Full path of the group. The groups above it must be there. */
  readonly path: string;
  /**
   * The group is there and somebody else's: it is looked up, and nothing of it is changed or deleted.
   * Name, description and visibility do not go with it. Default: false.
   */
  readonly existing?: boolean;
  /** Number of the group above it. Default: it is looked up by its path. */
  readonly parentId?: Input<number> | undefined;
  /** The name shown. Default: the last part of its path for a new one, else left as it is. */
  readonly name?: string | undefined;
  /** What it is for. Default: left as it is. */
  readonly description?: string | undefined;
  /** Who sees the group. Default: `private` for a new one, else left as it is. */
  readonly visibility?: "private" | "internal" | "public" | undefined;
  /**
   * Handed to the jobs of all projects in the group; the credentials to protected branches only.
   * Default: nothing; each project has its own, see `PackageProject`.
   */
  readonly aptly?: AptlyAccess | undefined;
  /** Image of each distribution's jobs, by codename. Default: none. */
  readonly builderImages?: Readonly<Record<string, Input<string>>> | undefined;
  /** Further CI/CD variables of all projects in the group; one of a name that is set here replaces it. Default: none. */
  readonly variables?: Variables;
  /** What becomes of the group when it leaves the stack: `archive` leaves it there, since its archived projects would go with it. Default: `archive`. */
  readonly onDestroy?: "archive" | "delete";
  /** Changes to the resources that it is made of. Default: none. */
  readonly transform?: {
    readonly group?: Transform<gitlab.GroupArgs>;
    /** For each of the variables. */
    readonly variables?: Transform<gitlab.GroupVariableArgs>;
  };
}

/**
 * The group that holds the packages' projects, with the CI/CD variables that their jobs read. With
 * `protect`, the group alone is protected.
 *
 * ```ts
 * new PackageGroup("infra", { path: "infra", aptly: { url, aptUrl, username, password } });
 * ```
 */
export class PackageGroup extends Component {
  static readonly type = "trunkline:ci:PackageGroup";
  /** Number of the group. */
  readonly groupId: Output<number>;
  readonly nodes: {
    /** None for an existing group. */
    readonly group?: gitlab.Group;
    readonly variables: readonly gitlab.GroupVariable[];
  };

  constructor(name: string, args: PackageGroupArgs, opts?: ComponentResourceOptions) {
    super(PackageGroup.type, name, withoutProtection(opts));
    const parent = this;
    const group = args.existing ? undefined : createGroup();
    this.groupId = group
      ? group.id.apply(Number)
      : gitlab.getGroupOutput({ fullPath: args.path }, { parent }).groupId;
    const owner = this.groupId.apply(String);
    const variables = listVariables({ ...toJobVariables(args), ...args.variables }).map(
      createVariable,
    );
    this.nodes = { variables, ...(group && { group }) };
    this.registerOutputs({ groupId: this.groupId });

    function createGroup() {
      const [path = "", ...above] = args.path.split("/").reverse();
      const fullPath = above.reverse().join("/");
      const parentId =
        args.parentId ?? (fullPath && gitlab.getGroupOutput({ fullPath }, { parent }).groupId);
      const initial = () => ({ name: path, visibilityLevel: "private" });
      return createChild(gitlab.Group, args.transform?.group, initial)(
        `${name}-group`,
        {
          name: args.name,
          path,
          description: args.description,
          visibilityLevel: args.visibility,
          ...(parentId && { parentId }),
        },
        {
          parent,
          protect: opts?.protect ?? false,
          retainOnDelete: args.onDestroy !== "delete",
        },
      );
    }

    /** Deleted by itself, since GitLab keeps a deleted group for days, and credentials must not stay in it. */
    function createVariable({ suffix, args: variable }: NamedVariable) {
      return createChild(gitlab.GroupVariable, args.transform?.variables, (child) => ({
        description: markOf(child),
      }))(`${name}-${suffix}`, { group: group?.id ?? owner, ...variable }, { parent });
    }
  }
}
