import { absolutePath, debianPackageName, runnerTag } from "../validation/text-rules.ts";
import { type Entry, withoutUnset } from "./adopted.ts";
import type { AptPlace } from "./apt.ts";
import type { ReadPipeline } from "./pipeline-findings.ts";

export interface TakeOverContext {
  readonly place: AptPlace | undefined;
  /** Codenames that the stack has. */
  readonly distributions: readonly string[];
  /** Names in the root of the repository. */
  readonly files: readonly string[];
  /** The other packages of the stack. */
  readonly packages: readonly string[];
}

/** Codenames that a pipeline uploads to, in the stack's order. */
export function uploadsTo(
  { lines }: ReadPipeline,
  { place, distributions }: Pick<TakeOverContext, "place" | "distributions">,
): string[] {
  if (!place) return [];
  return distributions.filter((codename) =>
    lines.some(
      (line) =>
        line.includes(`/repos/${place.repository}_${codename}/`) ||
        line.includes(`/publish/${place.prefix}/${codename}`),
    ),
  );
}

/** What a hand-written pipeline says of its package; undefined when it does not say what it builds for. */
export function toPackagePipeline(
  pipeline: ReadPipeline,
  context: TakeOverContext,
): Entry | undefined {
  const distributions = uploadsTo(pipeline, context);
  if (distributions.length === 0) return undefined;
  const { lines } = pipeline;
  const usesCMake = lines.some((line) => /\bcmake\b/.test(line));
  const isDebian = context.files.includes("debian") && !usesCMake;
  const prefix = /-DCMAKE_INSTALL_PREFIX=(\S+)/.exec(lines.join("\n"))?.[1];
  const installed = installs(lines);
  const uses = installed.filter((name) => context.packages.includes(name));
  const buildDepends = installed.filter((name) => !uses.includes(name));
  const tags = [...new Set(Object.values(pipeline.jobs).flatMap(({ tags: own = [] }) => own))];
  return withoutUnset({
    distributions,
    buildSystem: isDebian ? "debian" : undefined,
    installPrefix: prefix && !isDebian && !absolutePath(prefix) ? prefix : undefined,
    buildDepends: buildDepends.length > 0 ? buildDepends : undefined,
    uses: uses.length > 0 ? uses : undefined,
    tags: tags.some((tag) => runnerTag(tag)) || tags.length === 0 ? undefined : tags,
  });
}

/** Packages that its jobs install. */
function installs(lines: readonly string[]): string[] {
  const words = lines.flatMap((line) =>
    [...line.matchAll(/\bapt(?:-get)?\s+(?:-\S+\s+)*install\s+([^;&|]*)/g)].flatMap(
      ([, list = ""]) => list.trim().split(/\s+/),
    ),
  );
  return [...new Set(words)].filter((word) => !word.startsWith("-") && !debianPackageName(word));
}
