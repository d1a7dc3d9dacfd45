import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, type ResultPromise } from "execa";
import { readHostScript } from "../../aptly-server/host-script.ts";
import { renderAptlyProxy } from "../../aptly-server/proxy.ts";
import { findFreePorts } from "../../sandbox/services/ports.ts";
import { answersHttp } from "../../sandbox/services/probe.ts";

/** Milliseconds until a proxy that does not answer is given up. */
const startPatience = 30_000;

export interface AptlyProxyArgs {
  /** Where it may keep files; the caller removes it. */
  readonly folder: string;
  /** The socket of the aptly behind it. */
  readonly socket: string;
  /** What apt clients read. */
  readonly published: string;
  readonly username: string;
  readonly password: string;
  /** Default: false. */
  readonly tls?: boolean;
}

/** The proxy of the component `AptlyServer`, started by the script that its container runs. */
export interface AptlyProxy {
  /** Address of the API, ending in `/api`. */
  readonly api: string;
  /** Address of what is published, without a slash at its end. */
  readonly apt: string;
  readonly htpasswd: string;
  stop(): Promise<void>;
}

/** Starts it on free ports and waits until it answers. Needs root, as the component's nginx does. */
export async function startAptlyProxy(args: AptlyProxyArgs): Promise<AptlyProxy> {
  const { username, password, tls = false } = args;
  const folder = await mkdtemp(join(args.folder, "proxy-"));
  const file = (name: string) => join(folder, name);
  const secrets = file("secrets");
  const ports = await findFreePorts();
  const paths = { ...args, secrets, certificate: file("tls.crt"), certificateKey: file("tls.key") };
  if (tls) await createCertificate(paths);
  const configuration = renderAptlyProxy({ paths, apiPort: ports.aptly, aptPort: ports.apt, tls });
  await writeFile(file("nginx.conf"), configuration);
  await writeFile(file("password"), password, { mode: 0o600 });
  await mkdir(secrets, { mode: 0o700 });
  const words = [username, file("password"), secrets, file("nginx.conf")];
  const output = { file: file("log") };
  const options = { stdout: output, stderr: output, reject: false } as const;
  const script = readHostScript("aptly-proxy");
  const child = execa("sh", ["-c", script, "aptly-proxy", ...words], options);
  const apt = `http://127.0.0.1:${ports.apt}`;
  const stop = async () => {
    child.kill();
    await child;
  };
  if (!(await answersInTime(apt, child))) {
    await stop();
    throw new Error(`the proxy does not answer: ${await readFile(file("log"), "utf8")}`);
  }
  return {
    api: `${tls ? "https" : "http"}://127.0.0.1:${ports.aptly}/api`,
    apt,
    htpasswd: join(secrets, "htpasswd"),
    stop,
  };
}

async function answersInTime(url: string, child: ResultPromise): Promise<boolean> {
  const answers = answersHttp(`${url}/`);
  const deadline = Date.now() + startPatience;
  while (!(await answers())) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (ended || Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

async function createCertificate(paths: { certificate: string; certificateKey: string }) {
  const request = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=localhost"];
  await execa("openssl", [
    ...request,
    ...["-keyout", paths.certificateKey],
    ...["-out", paths.certificate],
  ]);
}
