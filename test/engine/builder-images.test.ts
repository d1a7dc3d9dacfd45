import { expect, onTestFinished, test } from "vitest";
import { readDebianMirror } from "../../sandbox/services/debian-mirror.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { RegistryClient } from "../../sandbox/services/registry-client.ts";
import { startForTest } from "../services/sandbox-for-test.ts";
import { devConfiguration, EngineStack } from "../support/engine-stack.ts";

test("a builder image is built, pushed, named by digest, and built again once it is gone", async ({
  skip,
}) => {
  const sandbox = await startForTest({ codenames: ["bookworm"] });
  const { buildProblem, credentials, directory, env, urls } = sandbox;
  skip(buildProblem !== undefined, buildProblem);
  const configuration = await onlyBookworm(urls.registry);
  const stack = await EngineStack.create({ environment: env, configuration });
  onTestFinished(() => stack.remove());

  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  const { builderImages } = await stack.outputs();
  const { bookworm } = builderImages as { bookworm: string };
  const [, repository, tag, digest] = /^[^/]+\/([^:]+):([^@]+)@(sha256:.+)$/.exec(bookworm) ?? [];
  const registry = new RegistryClient(sandboxLayout(directory), urls.registry);
  const headers = { Accept: ["index", "manifest"].map(toMediaType).join(", ") };
  const manifest = await registry.fetch(`${repository}/manifests/${digest}`, { headers });
  expect(manifest.headers.get("docker-content-digest"), bookworm).toBe(digest);

  const variable = new URL("groups/infra/variables/BUILDER_IMAGE_BOOKWORM", env.GITLAB_BASE_URL);
  const told = await fetch(variable, { headers: { "private-token": credentials.gitlabToken } });
  expect(await told.json()).toMatchObject({ value: bookworm });

  expect(await stack.up()).toMatchObject({ succeeded: true, steps: {} });
  const unchanged = await stack.refresh();
  expect(unchanged).toMatchObject({ succeeded: true, steps: {} });
  expect(unchanged.text).not.toContain("unable to verify image tags");

  await registry.fetch(`${repository}/manifests/${digest}`, { method: "DELETE" });
  const image = "Image builder-bookworm-image";
  expect((await stack.refresh()).steps).toEqual({ [image]: "delete" });
  expect((await stack.up()).steps).toMatchObject({ [image]: "create" });
  const rebuilt = await registry.fetch(`${repository}/manifests/${tag}`, { headers });
  expect(rebuilt.status).toBe(200);
  const destroyed = await stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
});

/** Fails unless apt reads the release's updates from the mirror, too. */
const before = [
  "apt-get --option APT::Update::Error-Mode=any update",
  "apt-cache policy | grep --quiet 'n=bookworm-updates'",
];

/** As a stack says it. */
async function machinesMirror(): Promise<object> {
  const { archive, security } = await readDebianMirror();
  return { url: archive, security: security ?? false };
}

/** https://github.com/opencontainers/image-spec/blob/main/media-types.md */
function toMediaType(kind: string): string {
  return `application/vnd.oci.image.${kind}.v1+json`;
}

/** A part of the dev stack, with an image to build from the sandbox's own registry. */
async function onlyBookworm(registry: string): Promise<Record<string, unknown>> {
  return {
    ...(await devConfiguration()),
    "trunkline:images": "build",
    "trunkline:registry": registry,
    "trunkline:apt": { prefix: "trunk", repository: "infra", inImages: true },
    "trunkline:distributions": {
      bookworm: {
        baseImage: `${registry}/debian:bookworm`,
        mirror: await machinesMirror(),
        before,
      },
    },
    "trunkline:packages": { ying: { distributions: ["bookworm"] } },
  };
}
