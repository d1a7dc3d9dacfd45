import type { ComponentResourceOptions } from "@pulumi/pulumi";
import * as aptly from "@trunkline/aptly";
import { mapEntries } from "../validation/entries.ts";
import { toPublishedPath } from "../validation/publish-prefix.ts";
import { joinUrl } from "../validation/urls.ts";
import { Component, withoutProtection } from "./base.ts";
import { createChild, type Transform } from "./transform.ts";

export interface AptMirrorArgs {
  /** Address of the archive to copy, for example `http://archive.ubuntu.com/ubuntu`. */
  readonly url: string;
  /** Its suites, each copied and published under its own name. None may be flat (`./`). */
  readonly suites: readonly string[];
  /** States to keep, by date, the newest last: a new one at the end copies what the archive has then. */
  readonly snapshots: readonly string[];
  /** The one of `snapshots` that is published. Default: the last. */
  readonly published?: string | undefined;
  /** Publish prefix that the suites share, for example `mirrors/ubuntu`. */
  readonly prefix: string;
  /** First part of the names of aptly's mirrors and snapshots. Default: the component's name. */
  readonly name?: string | undefined;
  /** Components to copy; they are published as one, `main`. Default: all. */
  readonly components?: readonly string[] | undefined;
  /** Architectures to copy and to publish. Default: `["amd64"]`. */
  readonly architectures?: readonly string[] | undefined;
  /** Copies only what this query finds: https://www.aptly.info/doc/feature/query/. Default: all. */
  readonly filter?: string | undefined;
  /** Copies what the packages of `filter` depend on, too. Default: true. */
  readonly withDependencies?: boolean | undefined;
  /** ASCII-armoured public keys that the archive is signed with, which aptly is told. Default: none. */
  readonly keys?: string | undefined;
  /** Keyring files on the server with the archive's keys. Default: `trustedkeys.gpg`. */
  readonly keyrings?: readonly string[] | undefined;
  /** Key that aptly signs the copy with, as gpg on its machine knows it. Default: gpg's own default key. */
  readonly signingKey?: string | undefined;
  /** Changes to the resources of every suite. Default: none. */
  readonly transform?: {
    readonly mirror?: Transform<aptly.MirrorArgs>;
    readonly snapshot?: Transform<aptly.SnapshotArgs>;
    readonly publication?: Transform<aptly.PublicationArgs>;
  };
}

export interface MirroredSuite {
  readonly mirror: aptly.Mirror;
  /** By date. */
  readonly snapshots: Readonly<Record<string, aptly.Snapshot>>;
  readonly publication: aptly.Publication;
}

/**
 * A copy of an apt archive (of a release, of ROS, of a vendor) as it was on a day, published by aptly
 * for images and machines: what it has changes only when another of its dated snapshots is published,
 * and the preview of that lists the packages.
 *
 * ```ts
 * new AptMirror("xenial", {
 *   url: "http://archive.ubuntu.com/ubuntu", suites: ["xenial", "xenial-updates"],
 *   filter: "cmake | libyaml-cpp-dev", snapshots: ["2026-05", "2026-11"], prefix: "mirrors/xenial",
 * });
 * ```
 */
export class AptMirror extends Component {
  static readonly type = "trunkline:apt:AptMirror";
  /** By suite. */
  readonly nodes: Readonly<Record<string, MirroredSuite>>;
  readonly #prefix: string;

  constructor(name: string, args: AptMirrorArgs, opts?: ComponentResourceOptions) {
    super(AptMirror.type, name, withoutProtection(opts));
    const parent = this;
    const architectures = [...(args.architectures ?? ["amd64"])];
    const newest = args.snapshots.at(-1);
    const published = args.published ?? newest;
    this.#prefix = args.prefix;
    this.nodes = Object.fromEntries(args.suites.map((suite) => [suite, createSuite(suite)]));
    this.registerOutputs({});

    function createSuite(suite: string): MirroredSuite {
      const mirror = createMirror(suite);
      const snapshots = Object.fromEntries(
        args.snapshots.map((date) => [date, createSnapshot(suite, date, mirror)]),
      );
      const snapshot = published === undefined ? undefined : snapshots[published];
      if (!snapshot) throw new Error(`${name}: "${published}" is not among its snapshots`);
      return { mirror, snapshots, publication: createPublication(suite, snapshot) };
    }

    function createMirror(suite: string) {
      const { url, components, filter, keys, keyrings, withDependencies = true } = args;
      return createChild(aptly.Mirror, args.transform?.mirror)(
        `${name}-${suite}`,
        {
          name: mirrorName(suite),
          archiveUrl: url,
          distribution: suite,
          architectures,
          filterWithDeps: filter !== undefined && withDependencies,
          // Its snapshots keep what they have without it.
          forceDestroy: true,
          ...(newest !== undefined && { updateTrigger: newest }),
          ...(components && {
            components: [...components],
            skipComponentCheck: isSecuritySuite(suite),
          }),
          ...(filter !== undefined && { filter }),
          ...(keys !== undefined && { keys }),
          ...(keyrings && { keyrings: [...keyrings] }),
        },
        { parent },
      );
    }

    /** Named by words: a mirror that is made anew must not make its old snapshots anew. */
    function createSnapshot(suite: string, date: string, mirror: aptly.Mirror) {
      return createChild(aptly.Snapshot, args.transform?.snapshot)(
        `${name}-${suite}-${date}`,
        {
          name: `${mirrorName(suite)}_${date}`,
          description: `${suite} of ${args.url} on ${date}`,
          mirror: mirrorName(suite),
        },
        { parent, dependsOn: [mirror] },
      );
    }

    function createPublication(suite: string, snapshot: aptly.Snapshot) {
      return createChild(aptly.Publication, args.transform?.publication)(
        `${name}-${suite}`,
        {
          prefix: args.prefix,
          distribution: suite,
          sourceKind: "snapshot",
          sources: [{ name: snapshot.name, component: "main" }],
          architectures,
          acquireByHash: true,
          // Vendors publish a version anew at times; what the archive has counts.
          forceOverwrite: true,
          ...(args.signingKey !== undefined && { signing: { gpgKey: args.signingKey } }),
        },
        { parent, protect: opts?.protect ?? false },
      );
    }

    function mirrorName(suite: string): string {
      return `${args.name ?? name}_${suite.replaceAll("/", "-")}`;
    }
  }

  /** The line of sources.list for each suite, when `base` is where aptly's repositories are served and `keyring` the key's file. */
  sources(base: string, keyring: string): Record<string, string> {
    const url = joinUrl(base, toPublishedPath(this.#prefix));
    return mapEntries(this.nodes, (suite) => `deb [signed-by=${keyring}] ${url} ${suite} main`);
  }
}

/** Debian's call their components `updates/main` in the Release file, and `main` in their paths. */
function isSecuritySuite(suite: string): boolean {
  return /(-security|\/updates)$/.test(suite);
}
