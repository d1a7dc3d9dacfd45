import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { secret } from "@pulumi/pulumi";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { aptlyServerPackages } from "../../aptly-server/plan.ts";
import { AptlyServer, type AptlyServerArgs } from "../../components/aptly-server.ts";
import { planBuilderImage } from "../../image/builder-image.ts";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { findFreePorts, type SandboxPorts } from "../../sandbox/services/ports.ts";
import { startSandbox } from "../../sandbox/services/sandbox.ts";
import { DockerEngine } from "../support/docker-engine.ts";
import { DockerHost } from "../support/docker-host.ts";
import { buildDebianFile } from "../support/pipeline-job.ts";
import { record } from "../support/recorder.ts";

/** The component's containers on a real engine, from the image that its documentation tells to build. */

const possible = await mayRunContainers();
const password = "it's a $ecret";
const cleanups = new AsyncDisposableStack();
let directory: string;
let engine: DockerEngine;
let host: DockerHost;
let image: string;
let ports: SandboxPorts;
let tls: { certificate: string; key: string };

beforeAll(async () => {
  if (!possible) return;
  directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  cleanups.defer(() => rm(directory, { recursive: true, force: true }));
  const services = ["registry", "base-images"] as const;
  const codenames = ["trixie"];
  const { urls, stop } = await startSandbox({ directory, ports: "free", services, codenames });
  cleanups.defer(stop);
  engine = await DockerEngine.start(sandboxLayout(directory));
  cleanups.defer(() => engine.stop());
  image = await buildImage(urls.registry);
  host = new DockerHost(engine);
  ports = await findFreePorts();
  tls = await createCertificate();
  await host.create(await declare({ tls }));
});
afterAll(() => cleanups.disposeAsync());
beforeEach(({ skip }) => skip(!possible, "this user may not start containers (CAP_SYS_ADMIN)"));

/** By digest, as a registry gives it. */
async function buildImage(registry: string): Promise<string> {
  const baseImage = `${registry}/debian:trixie`;
  const request = { codename: "trixie", baseImage, registry, packages: aptlyServerPackages };
  const { dockerfile, tag } = planBuilderImage(request, "test");
  await engine.run(["build", "--quiet", "--network", "host", "--tag", tag, "-"], {
    input: dockerfile,
  });
  await engine.run(["push", "--quiet", tag]);
  return engine.run(["image", "inspect", "--format", "{{index .RepoDigests 0}}", tag]);
}

async function createCertificate() {
  const [certificate, key] = [join(directory, "tls.crt"), join(directory, "tls.key")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"];
  await execa("openssl", [...request, "-keyout", key, "-out", certificate]);
  const [first, second] = await Promise.all([readFile(certificate, "utf8"), readFile(key, "utf8")]);
  return { certificate: first, key: second };
}

function declare(more: Partial<AptlyServerArgs> = {}) {
  const access = { username: "ci", password: secret(password) };
  const own = { apiPort: ports.aptly, aptPort: ports.apt };
  const args = { image, ...access, ...own, ...more };
  return record(
    () => void new AptlyServer("aptly", args),
    (resource) => host.outputs(resource),
  );
}

async function curl(...words: readonly string[]): Promise<string> {
  const always = ["--silent", "--show-error", "--fail", "--cacert", join(directory, "tls.crt")];
  return (await execa("curl", [...always, ...words])).stdout;
}

const signedIn = ["--user", `ci:${password}`];
const api = (path: string) => `https://localhost:${ports.aptly}/api${path}`;
const published = (path: string) => `http://127.0.0.1:${ports.apt}${path}`;

async function call(method: string, path: string, body: object): Promise<string> {
  const sent = ["--request", method, "--json", JSON.stringify(body)];
  return curl(...signedIn, ...sent, api(path));
}

async function checkSignature(): Promise<void> {
  const keyring = join(await mkdtemp(join(directory, "client-")), "keyring.gpg");
  const [release, input] = await Promise.all([
    curl(published("/trunk/dists/trixie/InRelease")),
    curl(published("/trunkline.asc")),
  ]);
  await execa("gpg", ["--batch", "--dearmor", "--output", keyring], { input });
  await execa("gpgv", ["--keyring", keyring, "-"], { input: release });
}

test("The API answers who knows the password, over TLS with the given certificate", async () => {
  const status = ["--output", "/dev/null", "--write-out", "%{http_code}", "--no-fail"];
  expect(await curl(...status, api("/version"))).toBe("401");
  expect(await curl(...status, "--user", "ci:wrong", api("/version"))).toBe("401");
  expect(await curl(...signedIn, api("/version"))).toContain('"Version":"1.6');
});

test("A package that is uploaded can be read where it is published, signed", async () => {
  const file = "ying_1.2.0-1_amd64.deb";
  const deb = { package: "ying", version: "1.2.0-1", architecture: "amd64" };
  await buildDebianFile(directory, file, { ...deb, content: "a" });
  await call("POST", "/repos", { Name: "infra_trixie" });
  await curl(...signedIn, "--form", `file=@${join(directory, "build", file)}`, api("/files/job"));
  await call("POST", "/repos/infra_trixie/file/job", {});
  await call("POST", "/publish/trunk", {
    SourceKind: "local",
    Sources: [{ Name: "infra_trixie" }],
    Distribution: "trixie",
    Architectures: ["amd64"],
    Signing: { Batch: true },
  });
  await checkSignature();
  const index = await curl(published("/trunk/dists/trixie/main/binary-amd64/Packages"));
  expect(index).toMatch(/^Package: ying$/m);
});

test.each(["aptly-server", "aptly-proxy"])("%s has no rights beyond its files", async (name) => {
  expect(
    await host.container(name).run("grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/1/status"),
  ).toBe("CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1");
});

test("The proxy has neither the signing key nor a hand in what is published", async () => {
  expect(await host.container("aptly-proxy").run("ls /var/lib/aptly-keys 2>&1 || true")).toContain(
    "No such",
  );
  const write = "touch /var/lib/aptly/public/x 2>&1 || true";
  expect(await host.container("aptly-proxy").run(write)).toContain("Read-only");
});

test("Passwords and keys are files for root alone", async () => {
  const files = "/opt/trunkline/password /opt/trunkline/tls.key /run/proxy/htpasswd";
  expect(await host.container("aptly-proxy").run(`stat --format='%a %u' ${files}`)).toBe(
    "600 0\n600 0\n600 0",
  );
  expect(
    await host.container("aptly-server").run("stat --format='%a %u' /var/lib/aptly-keys"),
  ).toBe("700 0");
});

test("The proxy lets a call end before it goes", async () => {
  const boundary = "x";
  const type = `multipart/form-data; boundary=${boundary}`;
  const headers = { Expect: "100-continue", "Content-Type": type };
  const auth = `ci:${password}`;
  const ca = tls.certificate;
  const upload = request(api("/files/slow"), { method: "POST", auth, ca, headers });
  const answered = once(upload, "response") as Promise<[IncomingMessage]>;
  upload.write(`--${boundary}\r\nContent-Disposition: form-data; name=file; filename=half\r\n\r\n`);
  await once(upload, "continue");
  const removed = host.container("aptly-proxy").remove();
  await expect.poll(() => curl(published("/trunkline.asc")).catch(() => "closed")).toBe("closed");
  upload.end(`and the rest\r\n--${boundary}--\r\n`);
  const [answer] = await answered;
  expect(await text(answer)).toContain("slow/half");
  await removed;
});

test("New containers have the old key and repositories, without TLS as well", async () => {
  const key = await host.container("aptly-server").run("cat /var/lib/aptly/public/trunkline.asc");
  await host.container("aptly-server").remove();
  await host.create(await declare());
  expect(await curl(published("/trunkline.asc"))).toBe(key);
  await checkSignature();
  const plain = api("/publish/trunk/trixie").replace("https:", "http:");
  const body = JSON.stringify({ Signing: { Batch: true }, ForceOverwrite: true });
  await curl(...signedIn, "--request", "PUT", "--json", body, plain);
  await checkSignature();
});
