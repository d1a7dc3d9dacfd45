import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../sandbox/services/sandbox.ts";
import { devConfiguration, EngineStack } from "../support/engine-stack.ts";

test("builder images are built, pushed and named by digest; an unchanged up builds none", async (context) => {
  const directory = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const sandbox = await startSandbox({ directory, ports: "free" });
  onTestFinished(() => sandbox.stop());
  if (sandbox.buildProblem) context.skip(sandbox.buildProblem);
  const { registry } = sandbox.urls;
  const stack = await EngineStack.create({
    environment: sandbox.env,
    configuration: await buildConfiguration(registry),
  });
  onTestFinished(() => stack.remove());

  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  const { builderImages } = await stack.outputs();
  for (const [codename, image] of Object.entries(builderImages as Record<string, string>)) {
    const [, digest] = image.split("@");
    const manifest = `http://${registry}/v2/builder-${codename}/manifests/${digest}`;
    const accept = "application/vnd.oci.image.index.v1+json";
    const pushed = await fetch(manifest, { headers: { accept } });
    expect(pushed.headers.get("docker-content-digest"), image).toBe(digest);
    const variable = `groups/infra/variables/BUILDER_IMAGE_${codename.toUpperCase()}`;
    const headers = { "private-token": sandbox.credentials.gitlabToken };
    const told = await fetch(new URL(variable, sandbox.env.GITLAB_BASE_URL), { headers });
    expect(await told.json()).toMatchObject({ value: image });
  }
  expect(Object.keys(builderImages as object)).toEqual(["bookworm", "trixie"]);

  expect(await stack.up()).toMatchObject({ succeeded: true, steps: {} });
  expect(await stack.refresh()).toMatchObject({ succeeded: true, steps: {} });
  const destroyed = await stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
});

/** The dev stack's, with images to build from the sandbox's own registry. */
async function buildConfiguration(registry: string) {
  const text = JSON.stringify(await devConfiguration());
  const moved = JSON.parse(text.replaceAll("127.0.0.1:5050", registry));
  return { ...moved, "trunkline:images": "build" };
}
