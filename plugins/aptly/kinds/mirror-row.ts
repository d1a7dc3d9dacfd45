import { z } from "zod";
import { joinUrl } from "../../../validation/urls.ts";
import { type Properties, prop, sameSet, type ValuesOf } from "../../kit/property.ts";

/** https://www.aptly.info/doc/api/mirrors/ */
export const mirrorInputs = {
  name: prop(
    z.string().regex(/^[^/\s]+$/, "must not be empty nor hold blanks or slashes"),
    "The name of the mirror.",
    { replace: true },
  ),
  archiveUrl: prop(
    z.url("must be a URL"),
    "The address of the archive. Changes in place from aptly 1.6.3 on, as do all inputs below that do not replace.",
    // aptly ends an archive's address with a slash.
    { same: (a, b) => joinUrl(a) === joinUrl(b) },
  ),
  distribution: prop(
    z.string().min(1),
    "The distribution to mirror, such as `bookworm`; `./` for a flat repository.",
    { replace: "delete-first" },
  ),
  components: prop(
    z.array(z.string().min(1)).optional(),
    "The components to mirror. Default: all that the archive has.",
    { replace: "delete-first", same: sameSet },
  ),
  architectures: prop(
    z.array(z.string().min(1)).optional(),
    "The architectures to mirror. Default: all that the archive has.",
    { same: sameSet },
  ),
  filter: prop(
    z.string().optional(),
    "Keeps only packages that this query finds: https://www.aptly.info/doc/feature/query/.",
  ),
  filterWithDeps: prop(
    z.boolean().default(false),
    "Keeps what those packages depend on as well. Default: false.",
  ),
  downloadSources: prop(z.boolean().default(false), "Mirrors source packages too. Default: false."),
  downloadUdebs: prop(
    z.boolean().default(false),
    "Mirrors the installer's packages too. Default: false.",
  ),
  skipComponentCheck: prop(
    z.boolean().default(false),
    "Accepts components that the archive's Release file does not name. Default: false.",
    { replace: "delete-first" },
  ),
  keyrings: prop(
    z.array(z.string().min(1)).optional(),
    "Keyring files on the server with the archive's keys. Default: `trustedkeys.gpg`.",
    { passive: true },
  ),
  keys: prop(
    z.string().min(1).optional(),
    "ASCII-armoured public keys of the archive, which the server learns before it reads the archive: into the first of `keyrings`. They stay there.",
    { passive: true },
  ),
  forceDestroy: prop(
    z.boolean().default(false),
    "Deletes it although snapshots were made from it, which keep what they have. Default: false.",
    { passive: true },
  ),
  ignoreSignatures: prop(
    z.boolean().optional(),
    "Takes unsigned or wrongly signed archives. Default: the server's setting, usually false.",
    { passive: true },
  ),
  updateTrigger: prop(
    z.string().min(1).optional(),
    "Any text, such as a date. When set, packages are fetched at creation and whenever it changes; else only by `aptly mirror update` on the server.",
  ),
} satisfies Properties;

export type MirrorInputs = ValuesOf<typeof mirrorInputs>;

/** A mirror as aptly lists it. */
export interface Row {
  readonly Name: string;
  readonly ArchiveRoot: string;
  readonly Distribution: string;
  readonly Components: readonly string[] | null;
  readonly Architectures: readonly string[] | null;
  readonly Filter: string;
  readonly FilterWithDeps: boolean;
  readonly DownloadSources: boolean;
  readonly DownloadUdebs: boolean;
  readonly SkipComponentCheck: boolean;
  /** In the year 1 when its packages were never fetched. */
  readonly LastDownloadDate: string;
}

/** The body that creates or edits it; unset inputs are left to aptly. */
export function toBody(inputs: MirrorInputs): object {
  const body = {
    ArchiveURL: inputs.archiveUrl,
    Distribution: inputs.distribution,
    Components: inputs.components,
    Architectures: inputs.architectures,
    Filter: inputs.filter,
    FilterWithDeps: inputs.filterWithDeps,
    DownloadSources: inputs.downloadSources,
    DownloadUdebs: inputs.downloadUdebs,
    SkipComponentCheck: inputs.skipComponentCheck,
    Keyrings: inputs.keyrings,
    IgnoreSignatures: inputs.ignoreSignatures,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

export function fromRow(row: Row) {
  return {
    name: row.Name,
    archiveUrl: row.ArchiveRoot,
    distribution: row.Distribution,
    components: [...(row.Components ?? [])],
    architectures: [...(row.Architectures ?? [])],
    filter: row.Filter,
    filterWithDeps: row.FilterWithDeps,
    downloadSources: row.DownloadSources,
    downloadUdebs: row.DownloadUdebs,
    skipComponentCheck: row.SkipComponentCheck,
  };
}
