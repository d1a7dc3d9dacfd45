import * as gitlab from "@pulumi/gitlab";
import type { ComponentResourceOptions, Input, Output } from "@pulumi/pulumi";
import { builderImageVariable } from "../pipeline/names.ts";
import {
  type GroupVariableKey,
  type PipelineVariable,
  pipelineVariables,
} from "../pipeline/variables.ts";
import { Component } from "./base.ts";
import { createChild, type Transform } from "./transform.ts";

/** Where upload jobs reach aptly, and where apt clients read what they published. */
export interface AptlyAccess {
  /** Address of aptly's API, ending in `/api`. */
  readonly url: Input<string>;
  /** Address of the published repositories, without prefix. */
  readonly aptUrl: Input<string>;
  readonly username: Input<string>;
  /** 8 or more characters that GitLab can mask; pass it as a secret. */
  readonly password: Input<string>;
}

export interface PackageGroupArgs {
  /** Full path of the group. The groups above it must be there. */
  readonly path: string;
  /** Who sees the group. Default: `private`. */
  readonly visibility?: "private" | "internal" | "public";
  /** Handed to the jobs of all projects in the group; the credentials to protected branches only. */
  readonly aptly: AptlyAccess;
  /** Image of each distribution's jobs, by codename. Default: none. */
  readonly builderImages?: Readonly<Record<string, Input<string>>>;
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
 * The group that holds the packages' projects, with the CI/CD variables that their jobs read.
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
    readonly group: gitlab.Group;
    readonly variables: readonly gitlab.GroupVariable[];
  };

  constructor(name: string, args: PackageGroupArgs, opts?: ComponentResourceOptions) {
    super(PackageGroup.type, name, opts);
    const parent = this;
    const group = createGroup();
    const { url, aptUrl, username, password } = args.aptly;
    const values: Readonly<Record<GroupVariableKey, Input<string>>> = {
      APTLY_URL: url,
      APTLY_USERNAME: username,
      APTLY_PASSWORD: password,
      APT_URL: aptUrl,
    };
    const variables = [
      ...Object.entries(values).map(([key, value]) =>
        createVariable(key, value, flagsOf(pipelineVariables[key as GroupVariableKey])),
      ),
      ...Object.entries(args.builderImages ?? {}).map(([codename, image]) =>
        createVariable(builderImageVariable(codename), image, {}),
      ),
    ];
    this.groupId = group.id.apply(Number);
    this.nodes = { group, variables };
    this.registerOutputs({ groupId: this.groupId });

    function createGroup() {
      const [path = "", ...above] = args.path.split("/").reverse();
      const fullPath = above.reverse().join("/");
      const parentId = fullPath && gitlab.getGroupOutput({ fullPath }, { parent }).groupId;
      return createChild(gitlab.Group, args.transform?.group)(
        `${name}-group`,
        {
          name: path,
          path,
          visibilityLevel: args.visibility ?? "private",
          ...(parentId && { parentId }),
        },
        { parent, retainOnDelete: args.onDestroy !== "delete" },
      );
    }

    /** Deleted by itself, since GitLab keeps a deleted group for days, and credentials must not stay in it. */
    function createVariable(
      key: string,
      value: Input<string>,
      flags: Partial<ReturnType<typeof flagsOf>>,
    ) {
      return createChild(gitlab.GroupVariable, args.transform?.variables, "description")(
        `${name}-${key}`,
        { group: group.id, key, value, raw: true, ...flags },
        { parent },
      );
    }
  }
}

function flagsOf({ protected: isProtected, masked }: PipelineVariable) {
  return { ...(isProtected && { protected: true }), ...(masked && { masked: true }) };
}
