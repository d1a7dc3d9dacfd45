import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { deb, useUploadScene } from "../../support/upload-scene.ts";

/** Sums what it reads, and fails where it gets files. */
const brokenForMany = "#!/bin/sh\n[ $# -eq 0 ] && exec /usr/bin/sha256sum\nexit 1\n";

describeEveryAptly("What the repository holds already", (binary) => {
  const scene = useUploadScene(binary);
  const { upload, build, packages } = scene;
  const writes = () => scene.aptly.front.requests.filter((call) => !call.startsWith("GET"));

  /** Uploads what is built, and forgets the calls of that. */
  async function publish(): Promise<void> {
    const { exitCode, log } = await upload();
    expect(exitCode, log).toBe(0);
    scene.aptly.front.requests.length = 0;
  }

  it("is said to be published already, and nothing is written", async () => {
    await publish();
    const { exitCode, log } = await upload();
    expect(log).toMatch(/^already published ying 1\.2\.0-1~bookworm \(amd64, \d+ bytes, SHA-256/m);
    expect(log).not.toMatch(/^published/m);
    expect(exitCode).toBe(0);
    expect(writes()).toEqual([]);
  });

  it("is published when the job before ended in between", async () => {
    scene.aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 500 } : undefined;
    expect((await upload()).exitCode).toBe(1);
    scene.aptly.front.meddle = undefined;
    scene.aptly.front.requests.length = 0;
    const { exitCode, log } = await upload();
    expect(log).toMatch(/^published ying/m);
    expect(exitCode, log).toBe(0);
    expect(writes()).toEqual([`PUT /publish/trunk__${scene.number}/bookworm`]);
  });

  it("is published again when the index lists a version that the repository lost", async () => {
    await publish();
    const [old] = (await packages()) ?? [];
    await build({ ...deb, version: "1.3.0-1~bookworm" });
    await publish();
    const path = `/repos/infra${scene.number}_bookworm/packages`;
    await scene.aptly.raw("DELETE", path, { PackageRefs: [old] });
    expect((await upload()).log).toMatch(/^published ying 1\.3\.0/m);
  });

  describe("as another file", () => {
    const note = /^note: infra\d+_bookworm has ying 1\.2\.0-1~bookworm \(amd64\)/m;

    it("stays when only dates and documentation differ", async () => {
      await build({ ...deb, files: { "usr/share/doc/ying/readme": "a" } });
      await publish();
      const before = await packages();
      await build({ ...deb, files: { "usr/share/doc/ying/readme": "b" } });
      const { exitCode, log } = await upload();
      expect(log).toMatch(note);
      expect(log).toContain("the same content but dates and documentation");
      expect(log).toMatch(/^already published/m);
      expect(exitCode, log).toBe(0);
      expect(writes()).toEqual([]);
      expect(await packages()).toEqual(before);
    });

    it.each([
      ["content", { content: "b" }],
      ["a file more", { files: { more: "" } }],
      ["a mode", { modes: { content: "755" } }],
      ["a field", { fields: { Depends: "libc6" } }],
    ])("is refused when it differs in %s", async (_what, changes) => {
      await publish();
      await build({ ...deb, ...changes });
      const { exitCode, log } = await upload();
      expect(log).toContain("with other content: raise the version");
      expect(exitCode).toBe(1);
      expect(writes()).toEqual([]);
    });

    it("stays when it was built from the same sources, whatever differs", async () => {
      const fields = { "Trunkline-Sources": "a".repeat(64) };
      await build({ ...deb, fields });
      await publish();
      await build({ ...deb, fields, content: "built at another time" });
      const { exitCode, log } = await upload();
      expect(log).toMatch(note);
      expect(log).toContain("from the same sources");
      expect(exitCode, log).toBe(0);
      expect(writes()).toEqual([]);
    });

    it("fails a strict upload all the same", async () => {
      const fields = { "Trunkline-Sources": "a".repeat(64) };
      await build({ ...deb, fields });
      await publish();
      await build({ ...deb, fields, content: "built at another time" });
      const { exitCode, log } = await upload({ STRICT_VERSIONS: "true" });
      expect(log).toContain("raise the version, or do without strictVersions");
      expect(exitCode).toBe(1);
    });

    it("asks for the next revision when it was built with another package of the team's", async () => {
      const built = (used: string, content: string) =>
        build({
          ...deb,
          content,
          fields: { "Trunkline-Sources": "a".repeat(64), "Trunkline-Built-With": used },
        });
      await built("yang (= 1.0)", "a");
      await publish();
      await built("yang (= 1.1)", "b");
      const { exitCode, log } = await upload();
      expect(log).toContain("built with yang (= 1.0), this one was built with yang (= 1.1)");
      expect(log).toContain("run the compile job again, which takes the next revision");
      expect(exitCode).toBe(1);
    });

    it("is not passed when it cannot be compared", async () => {
      await publish();
      await build({ ...deb, files: { "usr/share/doc/ying/readme": "b" } });
      const tools = join(scene.job.path, "tools");
      await writeFile(join(tools, "sha256sum"), brokenForMany, { mode: 0o755 });
      const broken = { PATH: `${tools}:${process.env.PATH}` };
      expect((await upload(broken)).exitCode).toBe(1);
    });
  });

  describe("under a version that Debian takes for the same", () => {
    it.each(["1.02.0-1~bookworm", "1.2.0-01~bookworm"])("is refused (%s)", async (version) => {
      await publish();
      const before = await packages();
      await build({ ...deb, version });
      const { exitCode, log } = await upload();
      expect(log).toContain(
        `ying 1.2.0-1~bookworm, which for Debian is the version ${version} too: raise the version`,
      );
      expect(exitCode).toBe(1);
      expect(await packages()).toEqual(before);
    });
  });

  it("is not added to when an architecture is not published", async () => {
    await build({ ...deb, architecture: "arm64" });
    scene.aptly.front.requests.length = 0;
    const { exitCode, log } = await upload();
    expect(log).toContain("is for arm64, but bookworm is published for amd64");
    expect(log).toContain("add arm64 to apt.architectures");
    expect(exitCode).toBe(1);
    expect(writes()).toEqual([]);
    expect(await packages()).toEqual([]);
  });

  it("is not added to where nothing is published", async () => {
    const { exitCode, log } = await upload({
      PUBLISH_PREFIX: "other",
      PUBLISH_SEGMENTS: "other/bookworm",
    });
    expect(log).toContain("aptly publishes nothing as other/bookworm: run pulumi up");
    expect(exitCode).toBe(1);
    expect(await packages()).toEqual([]);
  });
});
