import { checkDistribution, isKnownCodename } from "../image/distributions.ts";
import { aptRepositoryName } from "../pipeline/names.ts";
import type { Row as PublicationRow } from "../plugins/aptly/kinds/publication-row.ts";
import { aptlyName, aptlyPrefix, codename } from "../validation/text-rules.ts";
import type { Entry } from "./adopted.ts";
import type { AptlyWorld } from "./aptly-world.ts";

/** Where packages are published, as the configuration has it. */
export interface AptPlace {
  readonly prefix: string;
  readonly repository: string;
  readonly component: string;
  readonly architectures: readonly string[];
}

export interface AdoptedApt {
  /** Undefined when aptly publishes nothing that the configuration can say. */
  readonly place: AptPlace | undefined;
  /** By codename. */
  readonly distributions: Readonly<Record<string, Entry>>;
  readonly remarks: readonly string[];
}

interface Candidate extends AptPlace {
  readonly codename: string;
}

/**
 * The publications of one prefix whose local repositories are named alike, `infra_<codename>`. Of
 * several such sets the largest; `given` is what the configuration has already.
 */
export function toApt(world: AptlyWorld, given: Partial<AptPlace>, today: Date): AdoptedApt {
  const found = world.publications.map((row) => ({ row, candidate: toCandidate(row) }));
  const fitting = found.flatMap(({ candidate }) =>
    typeof candidate !== "string" && fits(candidate, given) ? [candidate] : [],
  );
  const place = given.prefix === undefined ? largest(fitting) : (fitting[0] ?? undefined);
  const adopted = fitting.filter((each) => place && toKey(each) === toKey(place));
  const remarks = found.flatMap(({ row, candidate }) => {
    if (typeof candidate !== "string" && adopted.includes(candidate)) return [];
    const reason = typeof candidate === "string" ? candidate : "is published in another way";
    return [`aptly: publication ${describe(row)} ${reason}; it is left alone.`];
  });
  const names = adopted.map((each) => aptRepositoryName(each.repository, each.codename));
  return {
    place: place && toPlace(place),
    distributions: Object.fromEntries(
      adopted.map((each) => [each.codename, toDistribution(each.codename, today)]),
    ),
    remarks: [
      ...remarks,
      ...world.repositories
        .filter(({ name }) => !names.includes(name))
        .map(
          ({ name, packages }) =>
            `aptly: repository ${name} (${packages === 1 ? "1 package" : `${packages} packages`}) is left alone.`,
        ),
    ],
  };
}

/** What a publication would be in the configuration, or why it cannot be one. */
function toCandidate(row: PublicationRow): Candidate | string {
  const [source, ...others] = row.Sources;
  if (row.SourceKind !== "local" || !source || others.length > 0) {
    return "is not made of one local repository";
  }
  if (row.Storage) return `is published to ${row.Storage}`;
  if (!isKnownCodename(row.Distribution) || codename(row.Distribution)) {
    return "is of no release known by name";
  }
  const suffix = aptRepositoryName("", row.Distribution);
  const repository = source.Name.slice(0, -suffix.length);
  const prefix = row.Prefix === "." ? "" : row.Prefix;
  if (!source.Name.endsWith(suffix) || aptlyName(repository) || aptlyPrefix(prefix)) {
    return `is made of ${source.Name}, and a repository's name must end in ${suffix}`;
  }
  const architectures = [...(row.Architectures ?? [])].sort();
  return {
    codename: row.Distribution,
    prefix,
    repository,
    component: source.Component,
    architectures,
  };
}

function fits(candidate: Candidate, given: Partial<AptPlace>): boolean {
  return (["prefix", "repository", "component"] as const).every(
    (key) => given[key] === undefined || given[key] === candidate[key],
  );
}

function largest(candidates: readonly Candidate[]): Candidate | undefined {
  const count = (wanted: Candidate) =>
    candidates.filter((each) => toKey(each) === toKey(wanted)).length;
  return candidates.toSorted((a, b) => count(b) - count(a))[0];
}

function toKey(place: AptPlace): string {
  return JSON.stringify(toPlace(place));
}

function toPlace({ prefix, repository, component, architectures }: AptPlace): AptPlace {
  return { prefix, repository, component, architectures };
}

function toDistribution(name: string, today: Date): Entry {
  const isOver = checkDistribution(name, today).some(({ severity }) => severity === "error");
  return isOver ? { acceptEndOfLife: true } : {};
}

function describe({ Prefix: prefix, Distribution: distribution }: PublicationRow): string {
  return prefix === "." ? distribution : `${prefix}/${distribution}`;
}
