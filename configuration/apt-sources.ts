import { z } from "zod";
import { lenient } from "../validation/lenient.ts";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";

const keyFile = z.string().min(1).optional();
const suites = z.array(text(rule.suite)).min(1).optional();
const components = z.array(text(rule.component)).min(1).optional();

/** Where a distribution's images install from: a mirror's address alone, or with what is said of it. */
export const mirror = z.union([
  text(rule.httpUrl),
  z.strictObject({
    url: text(rule.httpUrl).optional().meta({
      description: "Its address. Give this or `name`.",
      unset: "none",
    }),
    name: text(rule.aptSourceName).optional().meta({
      description: "The mirror of `trunkline:mirrors` that it is.",
      unset: "none",
    }),
    suites: suites.meta({
      description: "Its suites.",
      unset:
        "the codename, with `-updates`, and of Ubuntu `-security`; with `name` all of that mirror",
    }),
    components: components.meta({
      description: "Its components.",
      unset: "`main`, of Ubuntu `universe`, `restricted` and `multiverse` too; with `name` `main`",
    }),
    security: z
      .union([text(rule.httpUrl), z.literal(false)])
      .optional()
      .meta({
        description: "Address of the mirror of Debian's security archive; `false`: there is none.",
        unset: "of a mirror that ends in `/debian` its neighbour `/debian-security`, else none",
      }),
    archived: z.boolean().optional().meta({
      description:
        "It is a copy of Debian's archive of old releases, whose indices are out of date.",
      unset: "true for archive.debian.org",
    }),
    keyFile: keyFile.meta({
      description: "File with the armoured public key that it is signed with.",
      unset: "one that the base image trusts; with `name` the key of `trunkline:apt`",
    }),
  }),
]);

const sourceEntry = z.strictObject({
  url: text(rule.httpUrl).optional().meta({
    description: "Its address. Give this or `mirror`.",
    unset: "none",
  }),
  mirror: text(rule.aptSourceName).optional().meta({
    description: "The mirror of `trunkline:mirrors` that it is.",
    unset: "none",
  }),
  suites: suites.meta({
    description: "Its suites; `./` where it is flat.",
    unset: "the codename; with `mirror` all of that mirror",
  }),
  components: components.meta({
    description: "Its components.",
    unset: "`main`; of a flat one none",
  }),
  architectures: z.array(text(rule.debianArchitecture)).min(1).optional().meta({
    description: "Architectures to read of it.",
    unset: "the image's",
  }),
  keyFile: keyFile.meta({
    description: "File with the armoured public key that it is signed with.",
    unset: "one that the base image trusts; with `mirror` the key of `trunkline:apt`",
  }),
});

/** By name, apt repositories beside the release's own. */
export const aptSources = z
  .record(text(rule.aptSourceName), sourceEntry.meta({ placeholder: "source" }))
  .default({});

/** The same for one distribution, where one of the stack's may be left out. */
export const ownAptSources = z
  .record(
    text(rule.aptSourceName),
    z.union([sourceEntry, z.literal(false)]).meta({ placeholder: "source" }),
  )
  .default({});

const mirrorEntry = z.strictObject({
  url: text(rule.httpUrl).meta({ description: "Address of the archive that aptly copies." }),
  suites: z.array(text(rule.suite)).min(1).meta({
    description: "Its suites, each copied and published: `[xenial, xenial-updates]`.",
  }),
  components: components.meta({
    description: "Components to copy. They are published as one, `main`.",
    unset: "all",
  }),
  architectures: z.array(text(rule.debianArchitecture)).min(1).optional().meta({
    description: "Architectures to copy.",
    unset: "`trunkline:apt.architectures`",
  }),
  filter: z.string().min(1).optional().meta({
    description: "Copies only what this query of aptly's finds: `Name (~ ^ros-kinetic-)`.",
    unset: "all packages",
  }),
  withDependencies: z.boolean().default(true).meta({
    description: "Copies what the packages of `filter` depend on, too.",
  }),
  keyFile: keyFile.meta({
    description: "File with the armoured public keys of the archive, which aptly is told.",
    unset: "those of `keyrings`",
  }),
  keyrings: z.array(z.string().min(1)).min(1).optional().meta({
    description: "Keyring files on the aptly server with the archive's keys.",
    unset: "`trustedkeys.gpg`",
  }),
  snapshots: z.array(text(rule.snapshotDate)).min(1).meta({
    description:
      "States to keep, by date, the newest last: a new one at the end copies what the archive has then.",
  }),
  published: text(rule.snapshotDate).optional().meta({
    description: "The one of `snapshots` that is published.",
    unset: "the last",
  }),
  prefix: text(rule.aptlyPrefix).optional().meta({
    description: "Prefix that it is published under.",
    unset: "`mirrors/<mirror>`",
  }),
});

/** By name, archives that aptly copies. */
export const mirrors = z
  .record(text(rule.aptSourceName), mirrorEntry.meta({ placeholder: "mirror" }))
  .default({});

/** What the checks across keys look at, as far as it has its form. */
export const aptSourcesView = z
  .record(z.string(), lenient(z.union([sourceEntry, z.literal(false)])))
  .default({});
export const mirrorsView = z.record(z.string(), lenient(mirrorEntry)).default({});

export type AptSourceSetting = z.output<typeof sourceEntry>;
export type MirrorSetting = z.output<typeof mirrorEntry>;
