import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Which variables are dropped, and which of them are taken all the same. */
interface ForeignVariables {
  readonly drop: readonly string[];
  readonly keep: readonly string[];
}

type Environment = Readonly<NodeJS.ProcessEnv>;

const foreign = readPatterns(
  readFileSync(join(import.meta.dirname, "foreign-variables.txt"), "utf8"),
);

/**
 * What is the same for every command, whatever the shell exports. git reads no configuration but
 * this, and works in a checkout that belongs to another user, as its hosts allow.
 */
const fixed = {
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "safe.directory",
  GIT_CONFIG_VALUE_0: "*",
} as const;

/** The hosts of every service of a sandbox. */
const ownHosts = ["127.0.0.1", "localhost"];

/** Names of the variables that foreign-variables.txt drops, of those given. */
export function listForeign(names: readonly string[]): string[] {
  const isAmong = (patterns: readonly string[], name: string) =>
    patterns.some((pattern) => matches(pattern, name));
  return names.filter((name) => isAmong(foreign.drop, name) && !isAmong(foreign.keep, name));
}

/** As make's `filter` does: a `%` stands for any text. */
function matches(pattern: string, name: string): boolean {
  const [start = "", end] = pattern.split("%");
  return end === undefined ? name === pattern : name.startsWith(start) && name.endsWith(end);
}

/**
 * The environment that commands of this repository run in: a shell's, without what would change
 * what they do, with what they rely on, and with this machine's services past any proxy.
 */
export function toSettledEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const dropped = new Set(listForeign(Object.keys(environment)));
  const kept = Object.entries(environment).filter(([name]) => !dropped.has(name));
  const settled = { ...Object.fromEntries(kept), ...fixed, ...exceptOwnHosts(environment) };
  const { DOCKER_HOST, ...rest } = settled as NodeJS.ProcessEnv;
  return DOCKER_HOST?.startsWith("unix:") ? { ...rest, DOCKER_HOST } : rest;
}

/** Programs read the one spelling, the other, or both. */
function exceptOwnHosts(environment: Environment): NodeJS.ProcessEnv {
  if (!Object.keys(environment).some((name) => /^(https?|all)_proxy$/i.test(name))) return {};
  const { no_proxy = "", NO_PROXY = "" } = environment;
  const given = [no_proxy, NO_PROXY].flatMap((list) => list.split(",")).map((host) => host.trim());
  const hosts = [...new Set([...given, ...ownHosts])].filter((host) => host !== "").join(",");
  return { no_proxy: hosts, NO_PROXY: hosts };
}

function readPatterns(text: string): ForeignVariables {
  const list = (kind: string) =>
    [...text.matchAll(new RegExp(`^${kind} (\\S+)`, "gm"))].map(([, pattern = ""]) => pattern);
  return { drop: list("drop"), keep: list("keep") };
}
