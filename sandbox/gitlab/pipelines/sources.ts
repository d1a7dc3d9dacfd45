import { lookupProject, role, roleInProject } from "../access.ts";
import type { Context } from "../context.ts";
import type { Project, User } from "../entities.ts";
import { findCommit } from "../git/refs.ts";
import { repositoryDirectory } from "../git/repository.ts";
import { findFile, listFiles } from "../git/tree.ts";
import { type Config, isConfig } from "../lint/config.ts";
import type { IncludeFacts, Source, Sources } from "../lint/sources.ts";
import { projectPath } from "../paths.ts";
import { findRule, type RuleFacts } from "./rules.ts";
import { readerOf } from "./variables.ts";

/** A project at a commit; an empty one where there is no commit. Nothing is read twice. */
export function toSource(context: Context, project: Project, sha: string | undefined): Source {
  const directory = repositoryDirectory(context.directory, project.id);
  return {
    project: projectPath(context.store, project),
    sha,
    read: once(async (path) => {
      if (sha === undefined) return undefined;
      return (await findFile(directory, sha, path))?.content.toString("utf8");
    }),
    list: once(async () => [...(await listFiles(directory, sha)).keys()]),
  };
}

/**
 * Where the includes of a project's configuration come from.
 *
 * @param user who lints or starts the pipeline; other projects are read with their rights.
 */
export function toSources(context: Context, user: User, own: Source): Sources {
  return {
    own,
    open: once(async (path, ref) => {
      const project = path.includes("/") ? lookupProject(context.store, path) : undefined;
      if (project === undefined || !mayDownload(context, user, project)) return "denied";
      const sha = await findCommit(repositoryDirectory(context.directory, project.id), ref);
      return sha === undefined ? "no ref" : toSource(context, project, sha);
    }),
  };
}

/** Keeps answers, so that files that include each other are read from git once. */
function once<Args extends string[], R>(ask: (...args: Args) => Promise<R>) {
  const answers = new Map<string, Promise<R>>();
  return (...args: Args): Promise<R> => {
    const key = JSON.stringify(args);
    const answer = answers.get(key) ?? ask(...args);
    answers.set(key, answer);
    return answer;
  };
}

/** Guests of a private project may not read its code. */
function mayDownload({ store }: Context, user: User, project: Project): boolean {
  if (project.settings.repository_access_level === "disabled") return false;
  const isPrivate =
    project.visibility === "private" || project.settings.repository_access_level === "private";
  return !isPrivate || roleInProject(store, user, project) >= role.reporter;
}

/** Lets the rules of includes ask for variables and changed paths. */
export function withRules(sources: Sources, facts: Omit<RuleFacts, "files">): IncludeFacts {
  return {
    ...sources,
    read: readerOf(facts.variables),
    async admits(rules, source) {
      const list = [rules].flat(10).filter((rule): rule is Config => isConfig(rule));
      const rule = findRule(list, { ...facts, files: await source.list() });
      return rule !== undefined && rule.when !== "never";
    },
  };
}
