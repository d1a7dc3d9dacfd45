import type { IncludeFacts, Source, Sources } from "../lint/sources.ts";
import { withRules } from "./sources.ts";
import { toVariables } from "./variables.ts";

/** Files by their paths. */
type Files = Record<string, string>;

/**
 * Sources that are given, for tests: the files of the own project `a/own`, and those of others by
 * `path@ref`. A project that is given at other refs only has no such ref.
 */
export function memorySources(own: Files = {}, others: Record<string, Files> = {}): Sources {
  return {
    own: toSource("a/own", "own-sha", own),
    async open(project, ref) {
      const files = others[`${project}@${ref}`];
      if (files !== undefined) return toSource(project, `${ref}-sha`, files);
      const isKnown = Object.keys(others).some((key) => key.startsWith(`${project}@`));
      return isKnown ? "no ref" : "denied";
    },
  };
}

/** {@link memorySources} with the variables that includes and their rules may ask for. */
export function memoryFacts(
  own: Files = {},
  others: Record<string, Files> = {},
  variables: Record<string, string> = {},
): IncludeFacts {
  const facts = { variables: toVariables(variables), changed: undefined };
  return withRules(memorySources(own, others), facts);
}

function toSource(project: string, sha: string, files: Files): Source {
  return {
    project,
    sha,
    read: async (path) => files[path],
    list: async () => Object.keys(files),
  };
}
