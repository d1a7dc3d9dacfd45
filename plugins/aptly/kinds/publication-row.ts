import { z } from "zod";
import { type Properties, prop, sameSet, type ValuesOf } from "../../kit/property.ts";

const source = z
  .object({
    name: z.string().min(1).describe("The name of the local repository or snapshot."),
    component: z.string().min(1).describe("The component it is published as, such as `main`."),
  })
  .meta({
    id: "PublicationSource",
    description: "What one component of a publication is made of.",
  });

const signing = z
  .object({
    skip: z.boolean().optional().describe("Publishes unsigned; apt then refuses it by default."),
    gpgKey: z
      .string()
      .optional()
      .describe(
        "Fingerprint of a key in the keyring of the server's user; several with commas from aptly 1.6.3 on. Default: the server's default key.",
      ),
    keyring: z.string().optional().describe("Keyring file on the server, instead of the default."),
    passphrase: z.string().optional().describe("The key's passphrase; a secret."),
    passphraseFile: z.string().optional().describe("File on the server with the passphrase."),
  })
  .meta({ id: "PublicationSigning", description: "How the Release file is signed." });

type Sources = readonly z.infer<typeof source>[];

/** https://www.aptly.info/doc/api/publish/ */
export const publicationInputs = {
  prefix: prop(
    z
      .string()
      .regex(
        /^[^/\s][^\s]*(?<!\/)$/,
        'must be a path without blanks and outer slashes, "." for the root',
      )
      .default("."),
    "Where in the published tree, `.` being the root; with a storage of the server as `s3:name:prefix`. Default: `.`.",
    { replace: true },
  ),
  distribution: prop(
    z.string().regex(/^[^/\s][^\s]*(?<!\/)$/, "must be a name without blanks and outer slashes"),
    "The distribution's name, as in apt's sources: `bookworm`.",
    { replace: true },
  ),
  sourceKind: prop(
    z.enum(["local", "snapshot"]).default("local"),
    "Whether the sources are local repositories or snapshots. Default: `local`.",
  ),
  sources: prop(
    z.array(source).min(1, "must name at least one source"),
    "What is published, one source for each component. Snapshots are switched in place; for other changes aptly before 1.6 publishes anew.",
    { same: (a, b) => describeSources(a) === describeSources(b) },
  ),
  architectures: prop(
    z.array(z.string().min(1)).optional(),
    "The published architectures. An empty repository wants them named. Default: those of the packages at the first publish.",
    { same: sameSet },
  ),
  label: prop(
    z.string().optional(),
    "Label of the Release file; its Suite is always the distribution's name. Changes in place from aptly 1.6.3 on.",
  ),
  origin: prop(
    z.string().optional(),
    "Origin of the Release file. Changes in place from aptly 1.6.3 on.",
  ),
  version: prop(z.string().optional(), "Version of the Release file. From aptly 1.6.3 on."),
  signedBy: prop(
    z.string().optional(),
    "Fingerprints that the next Release file must be signed with, separated by commas. From aptly 1.6.3 on.",
  ),
  notAutomatic: prop(
    z.boolean().optional(),
    "Tells apt to install from it on request only. Default: false.",
  ),
  butAutomaticUpgrades: prop(
    z.boolean().optional(),
    "With `notAutomatic`: tells apt to upgrade from it what is installed. Default: false.",
  ),
  skipContents: prop(
    z.boolean().optional(),
    "Leaves out the Contents indexes, which make publishing many times slower. Default: true for a new publication, else left as it is.",
  ),
  skipBz2: prop(
    z.boolean().optional(),
    "Leaves out bzip2 copies of the indexes. aptly does not tell it: an import assumes true. Default: true for a new publication, else left as it is.",
  ),
  acquireByHash: prop(
    z.boolean().optional(),
    "Keeps indexes by hash too, so that apt never reads halves of two publishes. Default: true for a new publication, else left as it is.",
  ),
  multiDist: prop(
    z.boolean().optional(),
    "Gives each distribution a pool of its own, so that one file name may differ between them. From aptly 1.6 on; changes in place from 1.6.3 on. Default: false.",
  ),
  forceOverwrite: prop(
    z.boolean().default(false),
    "Overwrites files of the pool that have the same name but other content. Default: false.",
    { passive: true },
  ),
  forceDestroy: prop(
    z.boolean().default(false),
    "Unpublishes it even while packages are in its local repositories that no other publication has. Default: false.",
    { passive: true },
  ),
  signing: prop(
    signing.optional(),
    "How it is signed. Changing it signs anew. Default: with the default key of the server's user.",
  ),
} satisfies Properties;

export type PublicationInputs = ValuesOf<typeof publicationInputs>;

/** A publication as aptly lists it; the last three came with aptly 1.6 and 1.6.3. */
export interface Row {
  readonly Prefix: string;
  readonly Storage: string;
  readonly Distribution: string;
  readonly SourceKind: PublicationInputs["sourceKind"];
  readonly Sources: readonly { readonly Name: string; readonly Component: string }[];
  readonly Architectures: readonly string[] | null;
  readonly Label: string;
  readonly Origin: string;
  readonly NotAutomatic: string;
  readonly ButAutomaticUpgrades: string;
  readonly SkipContents: boolean;
  readonly AcquireByHash: boolean;
  readonly MultiDist?: boolean;
  readonly Version?: string;
  readonly SignedBy?: string;
}

/** Sources in one order, since aptly 1.5 lists them in any. */
export function fromRow(row: Row) {
  return {
    prefix: row.Storage ? `${row.Storage}:${row.Prefix}` : row.Prefix,
    distribution: row.Distribution,
    sourceKind: row.SourceKind,
    sources: row.Sources.map(({ Name, Component }) => ({ name: Name, component: Component })).sort(
      (a, b) => a.component.localeCompare(b.component),
    ),
    architectures: [...(row.Architectures ?? [])],
    label: row.Label,
    origin: row.Origin,
    version: row.Version,
    signedBy: row.SignedBy,
    notAutomatic: row.NotAutomatic === "yes",
    butAutomaticUpgrades: row.ButAutomaticUpgrades === "yes",
    skipContents: row.SkipContents,
    acquireByHash: row.AcquireByHash,
    multiDist: row.MultiDist ?? false,
  };
}

export type Found = ReturnType<typeof fromRow>;

/** The body that publishes; unset inputs are left to aptly. */
export function toCreateBody(inputs: PublicationInputs): object {
  return withoutUnset({
    SourceKind: inputs.sourceKind,
    Sources: toSources(inputs.sources),
    Distribution: inputs.distribution,
    Architectures: inputs.architectures,
    Label: inputs.label,
    Origin: inputs.origin,
    Version: inputs.version,
    SignedBy: inputs.signedBy,
    NotAutomatic: inputs.notAutomatic ? "yes" : undefined,
    ButAutomaticUpgrades: inputs.butAutomaticUpgrades ? "yes" : undefined,
    AcquireByHash: inputs.acquireByHash ?? true,
    MultiDist: inputs.multiDist,
    SkipContents: inputs.skipContents ?? true,
    SkipBz2: inputs.skipBz2 ?? true,
    ...toPublishing(inputs),
  });
}

/** The body that publishes again with what differs from what is there. */
export function toUpdateBody(
  inputs: PublicationInputs,
  there: Found,
  skippedBz2: boolean | undefined,
): object {
  const other = <K extends keyof Found & keyof PublicationInputs>(key: K) =>
    inputs[key] === there[key] ? undefined : inputs[key];
  return withoutUnset({
    Label: other("label"),
    Origin: other("origin"),
    Version: other("version"),
    SignedBy: other("signedBy"),
    AcquireByHash: other("acquireByHash"),
    MultiDist: other("multiDist"),
    ...toSkipping(inputs, there, skippedBz2),
    ...toPublishing(inputs),
  });
}

export function toSources(sources: Sources) {
  return sources.map(({ name, component }) => ({ Name: name, Component: component }));
}

/** One text for equal lists: aptly sorts sources by component. */
export function describeSources(sources: Sources): string {
  return JSON.stringify(sources.map(({ name, component }) => `${component}: ${name}`).sort());
}

/** Whether two lists differ at most in what their components are made of. */
export function hasSameComponents(a: Sources, b: Sources): boolean {
  return sameSet(
    a.map(({ component }) => component),
    b.map(({ component }) => component),
  );
}

/** Both or none: aptly 1.5.0 fails when only the first is given. What is not sent stays. */
function toSkipping(
  { skipContents, skipBz2 }: PublicationInputs,
  there: Found,
  skippedBz2 = true,
): object {
  if (skipContents === undefined && skipBz2 === undefined) return {};
  return { SkipContents: skipContents ?? there.skipContents, SkipBz2: skipBz2 ?? skippedBz2 };
}

/**
 * What every publish wants anew. Batch keeps its gpg from waiting for a terminal; later versions always
 * set it.
 */
function toPublishing({ signing = {}, forceOverwrite }: PublicationInputs) {
  return {
    ForceOverwrite: forceOverwrite,
    Signing: withoutUnset({
      Batch: true,
      Skip: signing.skip,
      GpgKey: signing.gpgKey,
      Keyring: signing.keyring,
      Passphrase: signing.passphrase,
      PassphraseFile: signing.passphraseFile,
    }),
  };
}

function withoutUnset(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
