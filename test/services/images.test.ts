import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, type TestContext, test } from "vitest";
import { buildkitService } from "../../sandbox/services/buildkit.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { findFreePorts } from "../../sandbox/services/ports.ts";
import { RegistryClient } from "../../sandbox/services/registry-client.ts";
import type { RunningSandbox } from "../../sandbox/services/sandbox.ts";
import { run } from "./commands.ts";
import { startForTest, temporaryFolder } from "./sandbox-for-test.ts";

const images = ["registry", "buildkit", "base-images"] as const;
const codenames = ["bookworm"];
let buildProblem: string | undefined;

beforeAll(async () => {
  const status = await buildkitService(sandboxLayout("/unused"), await findFreePorts()).status();
  buildProblem = status.state === "unavailable" ? status.detail : undefined;
});

function clientOf({ directory, urls }: RunningSandbox & { directory: string }): RegistryClient {
  return new RegistryClient(sandboxLayout(directory), urls.registry);
}

function needBuildKit({ skip }: TestContext): void {
  skip(buildProblem !== undefined, buildProblem);
}

describe("the registry", () => {
  test("gives back a manifest that was pushed, and deletes it", async () => {
    const registry = clientOf(await startForTest({ services: ["registry"] }));
    const repository = "library/empty";
    const type = "application/vnd.oci.image.index.v1+json";
    const body = JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [] });
    const headers = { "Content-Type": type, Accept: type };
    const pushed = await registry.fetch(`${repository}/manifests/1`, {
      method: "PUT",
      headers,
      body,
    });
    expect(pushed.status).toBe(201);
    expect(await (await registry.fetch(`${repository}/manifests/1`, { headers })).text()).toBe(
      body,
    );
    const digest = pushed.headers.get("Docker-Content-Digest");
    const deleted = await registry.fetch(`${repository}/manifests/${digest}`, { method: "DELETE" });
    expect(deleted.status).toBe(202);
    expect((await registry.fetch(`${repository}/manifests/1`, { headers })).status).toBe(404);
  });

  test("is trusted by nobody who was not given its certificate", async () => {
    const { urls } = await startForTest({ services: ["registry"] });
    await expect(fetch(`https://${urls.registry}/v2/`)).rejects.toMatchObject({
      cause: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
  });

  test("keeps its key from everybody else, and key and certificate over a restart", async () => {
    const { directory, stop } = await startForTest({ services: ["registry"] });
    const { registryCertificate, registryKey } = sandboxLayout(directory);
    expect((await stat(registryKey)).mode & 0o777).toBe(0o600);
    const before = await readFile(registryCertificate, "utf8");
    await stop();
    await startForTest({ directory, services: ["registry"] });
    expect(await readFile(registryCertificate, "utf8")).toBe(before);
  });
});

describe("a base image", () => {
  test("is Debian of its codename, with all blobs that its manifest names", async (context) => {
    needBuildKit(context);
    const registry = clientOf(await startForTest({ services: images, codenames }));
    const accept = { headers: { Accept: "application/vnd.oci.image.manifest.v1+json" } };
    const answer = await registry.fetch("debian/manifests/bookworm", accept);
    const manifest = (await answer.json()) as {
      layers: { digest: string; size: number }[];
    };
    expect(manifest.layers).toHaveLength(1);
    const layer = await registry.fetch(`debian/blobs/${manifest.layers[0]?.digest}`);
    const archive = join(await temporaryFolder(), "layer.tar.gz");
    await writeFile(archive, await layer.bytes());
    const release = await run("tar", ["-xzOf", archive, "./usr/lib/os-release"]);
    expect(release).toContain("VERSION_CODENAME=bookworm");
  });
});

describe("BuildKit", () => {
  test("builds from the base image with apt-get inside, and pushes", async (context) => {
    needBuildKit(context);
    const sandbox = await startForTest({ services: images, codenames });
    const { urls, env } = sandbox;
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "Dockerfile"),
      `FROM ${urls.registry}/debian:bookworm
RUN apt-get update && apt-get install --yes --no-install-recommends hello && hello
`,
    );
    const target = `${urls.registry}/hello:1`;
    await run("buildx", ["build", "--push", "--tag", target, folder], { env });
    const tags = await clientOf(sandbox).fetch("hello/tags/list");
    expect(await tags.json()).toEqual({ name: "hello", tags: ["1"] });
  });

  test("says in one sentence that it lacks the privilege, and the rest goes on", async () => {
    const layout = sandboxLayout(await temporaryFolder());
    const unprivileged = () => Promise.resolve("CapEff:\t00000000a80425fb\n");
    const buildkit = buildkitService(layout, await findFreePorts(), unprivileged);
    await expect(buildkit.start()).rejects.toMatchObject({ code: "no-privilege" });
    const { state, detail } = await buildkit.status();
    expect(state).toBe("unavailable");
    expect(detail).toContain("CAP_SYS_ADMIN");
  });
});
