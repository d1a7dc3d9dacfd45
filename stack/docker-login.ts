import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Login {
  readonly username: string;
  /** Secret. */
  readonly password: string;
}

/** https://docs.docker.com/reference/cli/docker/login/ */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * What `docker login` has kept for a registry (`host[:port]`): it is what images are pushed with.
 * `undefined` where there is none, or one that only its keeper can read.
 */
export async function readLogin(
  host: string,
  environment: NodeJS.ProcessEnv,
): Promise<Login | undefined> {
  const folder = environment.DOCKER_CONFIG ?? join(environment.HOME ?? homedir(), ".docker");
  const config = await readConfig(join(folder, "config.json"));
  const helper = config.credHelpers?.[host] ?? config.credsStore;
  if (helper !== undefined) return askHelper(helper, host, environment);
  const names = [host, `https://${host}`, `https://${host}/v1/`, `https://${host}/v2/`];
  const auth = names.map((name) => config.auths?.[name]?.auth).find((found) => found);
  if (auth === undefined) return undefined;
  const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
  return { username, password: password.join(":") };
}

async function readConfig(path: string): Promise<DockerConfig> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // Without a readable file there is no login, as for docker itself.
    return {};
  }
}

/** https://github.com/docker/docker-credential-helpers: the host on standard input, JSON on standard output. */
function askHelper(
  helper: string,
  host: string,
  env: NodeJS.ProcessEnv,
): Promise<Login | undefined> {
  return new Promise((resolve) => {
    const asked = execFile(`docker-credential-${helper}`, ["get"], { env }, (error, stdout) => {
      resolve(error ? undefined : toLogin(stdout));
    });
    asked.stdin?.on("error", () => undefined).end(host);
  });
}

function toLogin(answer: string): Login | undefined {
  const { Username: username, Secret: password } = JSON.parse(answer);
  // An identity token is no password.
  return username === "<token>" ? undefined : { username, password };
}
