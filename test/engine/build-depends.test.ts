import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { builderPackages } from "../../pipeline/debian-package.ts";
import { temporaryFolder } from "../services/sandbox-for-test.ts";
import { devConfiguration } from "../support/engine-stack.ts";
import { serveFiles } from "../support/file-server.ts";
import { nothing, takeInventory } from "../support/inventory.ts";
import { sceneForTest } from "./scene.ts";

const sentence =
  'error: Stack "dev": trunkline:packages.ying.buildDepends[0] "libyaml-cp-dev" is in no apt source of the builder image of bookworm. Did you mean "libyaml-cpp-dev"?';

test("a misspelt build dependency is named before an image is built and the stack is applied", async () => {
  const mirror = await serveMirror("bookworm", "libyaml-cpp-dev");
  const { stack, servers } = await sceneForTest({
    environment: { XDG_CACHE_HOME: await temporaryFolder() },
    configuration: {
      ...(await devConfiguration()),
      "trunkline:images": "build",
      // Nobody listens there.
      "trunkline:registry": "127.0.0.1:1",
      "trunkline:distributions": { bookworm: { mirror: { url: mirror, suites: ["bookworm"] } } },
      "trunkline:packages": ying("libyaml-cp-dev"),
    },
  });

  const preview = await stack.preview();
  expect(preview.succeeded, preview.text).toBe(false);
  expect(preview.text.split("\n").map((line) => line.trim())).toContain(sentence);
  expect(preview.text).not.toContain("at checkBuildDepends");
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(false);
  expect(applied.text).toContain(sentence);
  expect(await takeInventory(servers)).toEqual(nothing);

  await stack.configure({ "trunkline:packages": ying("libyaml-cpp-dev") });
  const mended = await stack.preview();
  expect(mended.succeeded, mended.text).toBe(true);
  expect(mended.text).not.toContain("apt source of the builder image");
});

function ying(dependency: string): object {
  return { ying: { distributions: ["bookworm"], buildDepends: [dependency] } };
}

/** A mirror with the tools of the jobs and one further package. */
async function serveMirror(codename: string, name: string): Promise<string> {
  const archive = await temporaryFolder();
  const folder = join(archive, `dists/${codename}/main/binary-amd64`);
  await mkdir(folder, { recursive: true });
  const names = [...Object.values(builderPackages).flat(), name];
  const index = names.map((each) => `Package: ${each}\n`).join("\n");
  await writeFile(join(folder, "Packages.gz"), gzipSync(index));
  const { url, stop } = await serveFiles(archive);
  onTestFinished(stop);
  return url;
}
