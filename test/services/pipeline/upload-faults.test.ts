import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { mayRunContainers } from "../../../sandbox/services/container-privilege.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { answerSecondQuestion, deb, heldAs, useUploadScene } from "../../support/upload-scene.ts";

const mayMount = await mayRunContainers();
const large = { ...deb, content: randomBytes(300_000).toString("base64") };

describeEveryAptly("An upload job", (binary) => {
  const scene = useUploadScene(binary);
  const { upload, build, packages } = scene;
  const readRelease = () => readPublished("InRelease");
  const readPublished = (file: string) =>
    readFile(join(scene.aptly.published, `trunk_${scene.number}/dists/bookworm`, file), "utf8");

  it("sends a file again that was cut off in the middle of its body", async () => {
    await build(large);
    scene.aptly.front.cut = { call: `POST /files/ying-bookworm-${scene.number}`, times: 2 };
    const { exitCode, log } = await upload();
    expect(log).toContain("got no whole answer");
    expect(exitCode, log).toBe(0);
    expect(scene.aptly.front.cut.times).toBe(0);
  });

  it("adds nothing when every try is cut off", async () => {
    await build(large);
    scene.aptly.front.cut = { call: `POST /files/ying-bookworm-${scene.number}`, times: 99 };
    const { exitCode } = await upload();
    expect(exitCode).not.toBe(0);
    expect(await packages()).toEqual([]);
  });

  it("fails when signing fails, leaves the publication as it was, and succeeds later", async () => {
    const before = await readRelease();
    const { exitCode, log } = await upload({ PUBLISH_SIGNING_KEY: "0".repeat(40) });
    expect(log).toMatch(/PUT .* answered 500/);
    expect(exitCode).toBe(1);
    expect(await readRelease()).toBe(before);
    expect((await upload()).exitCode).toBe(0);
  });

  it("fails when the file of a published package is not whole", async () => {
    const file = "pool/main/y/ying/ying_1.2.0-1~bookworm_amd64.deb";
    scene.aptly.front.meddle = async (call) => {
      if (!call.startsWith("PUT /publish")) return undefined;
      const Signing = { Batch: true, GpgKey: scene.aptly.key };
      await scene.aptly.raw("PUT", `/publish/trunk__${scene.number}/bookworm`, { Signing });
      const path = join(scene.aptly.published, `trunk_${scene.number}`, file);
      // Not in place: aptly links it to the file that it keeps for all publications.
      await rm(path);
      await writeFile(path, "short");
      return { status: 200, body: {} };
    };
    const { exitCode, log } = await upload();
    expect(log).toMatch(new RegExp(`${file} should have \\d+ bytes`));
    expect(exitCode).toBe(1);
  });

  it("takes a file back out of the repository that aptly stored damaged", async () => {
    const damaged = heldAs({ SHA256: "0".repeat(64) });
    scene.aptly.front.meddle = answerSecondQuestion(async () => {
      const [Key = ""] = (await packages()) ?? [];
      return [{ ...damaged, Key }];
    });
    const { exitCode, log } = await upload();
    expect(log).toContain(`it has: ${damaged.SHA256}`);
    expect(exitCode).toBe(1);
    expect(await packages()).toEqual([]);
  });

  describe("on a full disk", () => {
    it.for(["upload", "pool", "public"])(
      "fails when aptly's folder %s has no room, publishes nothing, and succeeds later",
      async (folder, { skip }) => {
        skip(!mayMount, "this user may not mount a small disk (CAP_SYS_ADMIN)");
        await build(large);
        const before = await readRelease();
        const free = await fillUp(join(dirname(scene.aptly.published), folder));
        const { exitCode, log } = await upload();
        await free();
        expect(exitCode, log).not.toBe(0);
        expect(log).not.toMatch(/^published/m);
        expect(await readRelease()).toBe(before);
        if (folder !== "public") expect(await packages()).toEqual([]);
        const again = await upload();
        expect(again.exitCode, again.log).toBe(0);
      },
    );
  });
});

/** Lays a disk of 64 KiB over a folder until the function that it gives is called. */
async function fillUp(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  await execa("mount", ["-t", "tmpfs", "-o", "size=64k", "full", folder]);
  let mounted = true;
  const free = async () => {
    if (mounted) await execa("umount", ["--lazy", folder]);
    mounted = false;
  };
  onTestFinished(free);
  return free;
}
