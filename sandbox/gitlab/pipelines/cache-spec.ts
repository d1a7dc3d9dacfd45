import { createHash } from "node:crypto";
import { type Config, isConfig } from "../lint/config.ts";
import { toLines } from "../lint/job-rows.ts";

/** https://docs.gitlab.com/ci/yaml/#cache */
export interface CacheSpec {
  key: string;
  paths: string[];
  untracked: boolean;
  policy: string;
  when: string;
  fallback_keys: string[];
  /** Whether protected and other branches share it. */
  unprotect: boolean;
}

/** Reads `cache`, one or several. */
export function toCaches(given: unknown): CacheSpec[] {
  return [given ?? []].flat().filter(isConfig).map(toCache);
}

function toCache(given: Config): CacheSpec {
  return {
    key: toKey(given.key),
    paths: toLines(given.paths),
    untracked: given.untracked === true,
    policy: typeof given.policy === "string" ? given.policy : "pull-push",
    when: typeof given.when === "string" ? given.when : "on_success",
    fallback_keys: toLines(given.fallback_keys),
    unprotect: given.unprotect === true,
  };
}

/** GitLab hashes the last commits of `files`; here their names stand for them. */
function toKey(given: unknown): string {
  if (!isConfig(given)) return given == null ? "default" : String(given);
  const files = createHash("sha1").update(toLines(given.files).join("\n")).digest("hex");
  return given.prefix == null ? files : `${given.prefix}-${files}`;
}
