import { log, runtime } from "@pulumi/pulumi";
import { type Login, readLogin } from "./docker-login.ts";

/** Milliseconds; a preview does not wait longer for a registry that may only be reached by the builder. */
const timeout = 5_000;

/** The parts of `host[:port][/path]`. */
interface Registry {
  readonly host: string;
  readonly path: string;
}

/** In a preview: warns of a registry that does not take the login which images are pushed with. */
export async function warnOfRegistry(
  { registry, images }: Partial<Record<"registry" | "images", string>>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  if (!runtime.isDryRun() || images === "existing" || registry === undefined) return;
  const place = toRegistry(registry);
  const refusal = await findRefusal(place, await readLogin(place.host, environment));
  if (refusal !== undefined) await log.warn(`trunkline:registry ${registry}: ${refusal}`);
}

/** Why images could not be pushed; `undefined` where they can. https://distribution.github.io/distribution/spec/auth/token/ */
export async function findRefusal(
  { host, path }: Registry,
  login: Login | undefined,
): Promise<string | undefined> {
  const scheme = /^(localhost|127\.)/.test(host) ? "http" : "https";
  const url = `${scheme}://${host}/v2/`;
  try {
    const open = await ask(url);
    if (open.status !== 401) return undefined;
    const { realm, service } = readChallenge(open.headers.get("www-authenticate") ?? "");
    if (realm === undefined) return refusalOf(await ask(url, login && basic(login)), host, login);
    const query = new URLSearchParams({
      ...(service !== undefined && { service }),
      scope: `repository:${[path, "builder"].filter(Boolean).join("/")}:pull,push`,
    });
    return refusalOf(await ask(`${realm}?${query}`, login && basic(login)), host, login);
  } catch (error) {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    const words = reason instanceof Error ? reason.message : String(reason);
    return `it cannot be reached from here (${words}); the login was not checked.`;
  }
}

function toRegistry(registry: string): Registry {
  const [host = "", ...path] = registry.split("/");
  return { host, path: path.join("/") };
}

function ask(url: string, authorization?: string): Promise<Response> {
  const signal = AbortSignal.timeout(timeout);
  return fetch(url, { signal, ...(authorization && { headers: { authorization } }) });
}

function basic({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** `Bearer realm="https://…",service="…"`; no realm to ask where the registry wants the password itself. */
function readChallenge(challenge: string) {
  const [, realm] = /^Bearer .*?\brealm="([^"]*)"/i.exec(challenge) ?? [];
  const [, service] = /\bservice="([^"]*)"/.exec(challenge) ?? [];
  return { realm, service };
}

function refusalOf({ status }: Response, host: string, login?: Login): string | undefined {
  if (status !== 401 && status !== 403) return undefined;
  const what = login
    ? `it refuses the login of ${login.username} (${status})`
    : `it wants a login, and docker has none for it`;
  return `${what}. Run: docker login ${host}`;
}
