import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { answerSecondQuestion, deb, heldAs, useUploadScene } from "../../support/upload-scene.ts";

describeEveryAptly("An upload job", (binary) => {
  const scene = useUploadScene(binary);
  const { upload, build, packages } = scene;

  describe.each(["sh", "bash"])("in %s", (shell) => {
    it("publishes, says what went where, and may be run again", async () => {
      for (const words of ["published", "already published"]) {
        const { exitCode, log } = await upload({}, shell);
        expect(log).toMatch(
          new RegExp(
            `^${words} ying 1.2.0-1~bookworm \\(amd64, \\d+ bytes, SHA-256 \\w{64}\\)$`,
            "m",
          ),
        );
        expect(log).toContain(
          `in infra${scene.number}_bookworm, as trunk_${scene.number}/bookworm main`,
        );
        expect(exitCode).toBe(0);
      }
      expect(await packages()).toHaveLength(1);
    });

    it("fails with the first fault and does not go on", async () => {
      const { exitCode, log } = await upload(
        { APT_REPOSITORY: "x", APTLY_PASSWORD: "wrong" },
        shell,
      );
      expect(log).toMatch(/answered 401/);
      expect(exitCode).toBe(1);
      expect(await packages()).toEqual([]);
    });
  });

  it("writes neither user nor password into its log", async () => {
    const { log } = await upload({ APTLY_USERNAME: "robinson", APTLY_PASSWORD: "hunter2" });
    expect(log).toContain("Check APTLY_USERNAME and APTLY_PASSWORD");
    expect(log).not.toMatch(/hunter2|robinson/);
  });

  it.each(["APTLY_URL", "APTLY_USERNAME", "APTLY_PASSWORD", "APT_URL"])(
    "names %s when it is not defined, before it sends anything",
    async (key) => {
      scene.aptly.front.requests.length = 0;
      const { exitCode, log } = await upload({ [key]: "" });
      expect(log).toContain(`${key} is empty`);
      expect(exitCode).toBe(1);
      expect(scene.aptly.front.requests).toEqual([]);
    },
  );

  it("refuses a package that changed on the way", async () => {
    await appendFile(join(scene.job.path, "packages/ying_1.2.0-1~bookworm_amd64.deb"), "x");
    const { exitCode, log } = await upload();
    expect(log).toMatch(/has \d+ bytes, the manifest says \d+/);
    expect(exitCode).toBe(1);
  });

  it("refuses a package of the same size with other content", async () => {
    const path = join(scene.job.path, "packages/ying_1.2.0-1~bookworm_amd64.deb");
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { exitCode, log } = await upload();
    expect(log).toContain("its SHA-256 differs from the manifest");
    expect(exitCode).toBe(1);
  });

  it("refuses to upload nothing", async () => {
    await writeFile(join(scene.job.path, "packages/manifest"), "");
    expect((await upload()).log).toContain("packages/manifest is missing or empty");
  });

  it("refuses the same version with other content and keeps the published one", async () => {
    await upload();
    const before = await packages();
    await build({ ...deb, content: "b" });
    const { exitCode, log } = await upload();
    expect(log).toContain("ying 1.2.0-1~bookworm (amd64) with other content: raise the version");
    expect(exitCode).toBe(1);
    expect(await packages()).toEqual(before);
  });

  it("waits while others have their turn, for longer than five tries", async () => {
    let refusals = 6;
    scene.aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") && refusals-- > 0 ? { status: 429 } : undefined;
    const { exitCode, log } = await upload();
    expect(log.match(/aptly is busy with another job's call: waiting/g)).toHaveLength(1);
    expect(exitCode, log).toBe(0);
  });

  it("does not wait for its turn for ever", async () => {
    scene.aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 429 } : undefined;
    const { exitCode, log } = await upload({ BUSY_TRIES: "2" });
    expect(log).toMatch(/PUT .* got no turn/);
    expect(exitCode).not.toBe(0);
  });

  it.each([502, 503, 504])("tries again after %d", async (status) => {
    const tried = new Set<string>();
    scene.aptly.front.meddle = async (call) => {
      if (tried.has(call)) return undefined;
      tried.add(call);
      return { status };
    };
    const { exitCode, log } = await upload();
    expect(log).toContain(`answered ${status}`);
    expect(exitCode).toBe(0);
  });

  it.each([
    ["sending a file", "POST /files/ying-bookworm-N"],
    ["adding it to the repository", "POST /repos/infraN_bookworm/file/ying-bookworm-N"],
    ["publishing", "PUT /publish/trunk__N/bookworm"],
  ])("is not confused when the answer to %s is lost", async (_call, call) => {
    scene.aptly.front.loseAnswerTo = call.replaceAll("N", `${scene.number}`);
    const { exitCode, log } = await upload();
    expect(log).toContain("got no whole answer");
    expect(exitCode, log).toBe(0);
    expect(await packages()).toHaveLength(1);
  });

  it("gives up after five tries", async () => {
    scene.aptly.front.requests.length = 0;
    scene.aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 503 } : undefined;
    const { exitCode } = await upload();
    expect(exitCode).not.toBe(0);
    expect(scene.aptly.front.requests.filter((call) => call.startsWith("PUT"))).toHaveLength(5);
  });

  it("does not try again after a refusal", async () => {
    scene.aptly.front.requests.length = 0;
    scene.aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 500 } : undefined;
    const { exitCode, log } = await upload();
    expect(log).toMatch(/PUT .* answered 500/);
    expect(exitCode).toBe(1);
    expect(scene.aptly.front.requests.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  it("fails when the published index does not list the package", async () => {
    scene.aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 200 } : undefined;
    const { exitCode, log } = await upload();
    expect(log).toMatch(
      /binary-amd64\/Packages should list ying 1\.2\.0-1~bookworm .* it has: nothing/,
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    ["nothing", [], "it has: nothing"],
    ["another file", [heldAs({ SHA256: "0".repeat(64) })], `it has: ${"0".repeat(64)}`],
  ])("publishes nothing when the repository then holds %s", async (_case, body, words) => {
    scene.aptly.front.requests.length = 0;
    scene.aptly.front.meddle = answerSecondQuestion(async () => body);
    const { exitCode, log } = await upload();
    expect(log).toContain(words);
    expect(exitCode).toBe(1);
    expect(scene.aptly.front.requests.filter((call) => call.startsWith("PUT"))).toEqual([]);
  });

  it("publishes a package for every architecture", async () => {
    await build({ ...deb, architecture: "all" });
    expect((await upload()).log).toMatch(/published ying 1\.2\.0-1~bookworm \(all, /);
  });
});
