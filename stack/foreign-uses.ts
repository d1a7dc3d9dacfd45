import { homedir } from "node:os";
import { join } from "node:path";
import { log } from "@pulumi/pulumi";
import type { Configuration } from "../configuration/configuration.ts";
import { toConfigPath } from "../configuration/faults.ts";
import { readNames, UnreadIndex } from "../image/package-index.ts";
import { listIndices, type PackageSource } from "../image/package-sources.ts";
import type { Fault } from "../validation/config-error.ts";
import { type AptConnections, toFurtherSources } from "./apt-sources.ts";
import { refuse } from "./refuse.ts";

type ReadNames = (source: PackageSource) => Promise<ReadonlySet<string>>;

/** A package of an apt source that a package uses on a distribution. */
interface Use {
  readonly path: string;
  readonly name: string;
  readonly codename: string;
  readonly source: ReturnType<typeof toFurtherSources>[number];
}

/**
 * Ends the program before anything changes when a package uses one of an apt source, `<source>/<package>`,
 * that the source does not have for one of its distributions.
 */
export async function checkForeignUses(
  configuration: Configuration,
  connections: AptConnections,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  const read: ReadNames = (source) => readNames(source, join(cache, "trunkline", "package-names"));
  const { errors, unread } = await findForeignUses(configuration, connections, read);
  for (const sentence of unread) await log.warn(sentence);
  refuse(configuration, errors);
}

/** What is missing, and sentences about indices that cannot be read. */
export async function findForeignUses(
  configuration: Configuration,
  connections: AptConnections,
  read: ReadNames,
): Promise<{ readonly errors: readonly Fault[]; readonly unread: readonly string[] }> {
  const found = await Promise.all(
    listUses(configuration, connections).map((use) => findOne(use, read)),
  );
  return {
    errors: found.flatMap(({ error }) => error ?? []),
    unread: [...new Set(found.flatMap(({ unread }) => unread ?? []))],
  };
}

function listUses(configuration: Configuration, connections: AptConnections): Use[] {
  return Object.entries(configuration.packages).flatMap(
    ([key, { archived, uses, distributions }]) =>
      archived
        ? []
        : uses.flatMap((used, index) => {
            const [source, name] = used.split("/");
            if (name === undefined) return [];
            const path = toConfigPath(["packages", key, "uses", index]);
            return distributions.flatMap((codename) =>
              toFurtherSources(configuration, codename, connections)
                .filter((each) => each.name === source)
                .map((each) => ({ path, name, codename, source: each })),
            );
          }),
  );
}

async function findOne(
  { path, name, codename, source }: Use,
  read: ReadNames,
): Promise<{ readonly error?: Fault; readonly unread?: string }> {
  // What the stack itself mirrors may be published by this very update.
  if (source.state !== undefined) return {};
  try {
    const all = await Promise.all(listIndices(source).map(read));
    if (all.some((names) => names.has(name))) return {};
  } catch (error) {
    if (!(error instanceof UnreadIndex)) throw error;
    return { unread: `${path}: "${name}" was not looked for. ${error.message}.` };
  }
  const message = `"${name}" is not in the apt source "${source.name}" for ${codename}`;
  const fix = "Publish it there first, or correct its name.";
  return { error: { path, message, fix } };
}
