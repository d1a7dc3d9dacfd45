import type { ComponentResourceOptions } from "@pulumi/pulumi";
import * as aptly from "@trunkline/aptly";
import { aptRepositoryName } from "../pipeline/names.ts";
import { mapEntries } from "../validation/entries.ts";
import { toAptlyPrefix, toPublishedPath } from "../validation/publish-prefix.ts";
import { joinUrl } from "../validation/urls.ts";
import { Component, withoutProtection } from "./base.ts";
import { createChild, markOf, type Transform } from "./transform.ts";

export interface AptRepositoryArgs {
  /** First part of the local repositories' names: `infra` gives `infra_bookworm`. */
  readonly repository: string;
  /**
   * Publish prefix that all distributions share, for example `trunk`; `""` is the root. With an
   * endpoint of aptly's configuration before it: `s3:packages:trunk`, `filesystem:disk:`.
   */
  readonly prefix: string;
  /** Codenames to publish, each with a local repository of its own. */
  readonly distributions: readonly string[];
  /** apt component. Default: `main`. */
  readonly component?: string;
  /** Architectures to publish; an empty repository cannot tell them. Default: `["amd64"]`. */
  readonly architectures?: readonly string[];
  /** Those of `distributions` that may leave the stack with the packages in them, whatever is protected. Default: none. */
  readonly released?: readonly string[];
  /** Delete local repositories that leave the stack although packages are in them. Default: false. */
  readonly forceDestroy?: boolean;
  /** Key that aptly signs with, as gpg on its machine knows it. Default: gpg's own default key. */
  readonly signingKey?: string | undefined;
  /** What the Release files say of the repositories. Default: nothing, apt installs from them as from others. */
  readonly release?: Readonly<
    Pick<aptly.PublicationArgs, "origin" | "label" | "notAutomatic" | "butAutomaticUpgrades">
  >;
  /**
   * Keep indexes by their hash too, so that apt never reads halves of two publishes. Default: true for
   * what is published first, else as it is.
   */
  readonly acquireByHash?: boolean | undefined;
  /** Changes to the resources of every distribution. Default: none. */
  readonly transform?: {
    readonly repository?: Transform<aptly.LocalRepositoryArgs>;
    readonly publication?: Transform<aptly.PublicationArgs>;
  };
}

export interface AptDistribution {
  readonly repository: aptly.LocalRepository;
  readonly publication: aptly.Publication;
}

/**
 * A signed apt repository: per distribution one local repository in aptly, published under one prefix.
 *
 * ```ts
 * new AptRepository("apt", { repository: "infra", prefix: "trunk", distributions: ["bookworm"] });
 * ```
 */
export class AptRepository extends Component {
  static readonly type = "trunkline:apt:AptRepository";
  readonly nodes: Readonly<Record<string, AptDistribution>>;
  readonly #prefix: string;
  readonly #component: string;

  constructor(name: string, args: AptRepositoryArgs, opts?: ComponentResourceOptions) {
    super(AptRepository.type, name, withoutProtection(opts));
    const parent = this;
    const { component = "main", architectures = ["amd64"] } = args;
    this.#prefix = args.prefix;
    this.#component = component;

    this.nodes = Object.fromEntries(
      args.distributions.map((codename) => [codename, createDistribution(codename)]),
    );
    this.registerOutputs({});

    function createDistribution(codename: string): AptDistribution {
      const isReleased = args.released?.includes(codename) ?? false;
      const forceDestroy = isReleased || (args.forceDestroy ?? false);
      const kept = { parent, protect: !isReleased && (opts?.protect ?? false) };
      const repository = createChild(
        aptly.LocalRepository,
        args.transform?.repository,
        (child) => ({
          defaultDistribution: codename,
          defaultComponent: component,
          comment: markOf(child),
        }),
      )(
        `${name}-${codename}`,
        {
          name: aptRepositoryName(args.repository, codename),
          forceDestroy,
        },
        kept,
      );
      const publication = createChild(aptly.Publication, args.transform?.publication)(
        `${name}-${codename}`,
        {
          prefix: toAptlyPrefix(args.prefix),
          distribution: codename,
          sourceKind: "local",
          sources: [{ name: repository.name, component }],
          architectures: [...architectures],
          forceDestroy,
          ...args.release,
          ...(args.acquireByHash !== undefined && { acquireByHash: args.acquireByHash }),
          ...(args.signingKey !== undefined && { signing: { gpgKey: args.signingKey } }),
        },
        kept,
      );
      return { repository, publication };
    }
  }

  /**
   * The line of sources.list for each distribution, when `base` is where the repositories are served and
   * `keyring` the key's file, one for all or one by codename: xenial's apt reads no armoured keys.
   */
  sources(base: string, keyring: string | ((codename: string) => string)): Record<string, string> {
    const url = joinUrl(base, toPublishedPath(this.#prefix));
    const keyOf = typeof keyring === "string" ? () => keyring : keyring;
    return mapEntries(
      this.nodes,
      (codename) => `deb [signed-by=${keyOf(codename)}] ${url} ${codename} ${this.#component}`,
    );
  }
}
