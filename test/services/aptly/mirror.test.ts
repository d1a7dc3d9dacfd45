import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AptlyBinary, type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { type FileServer, serveFiles } from "../../support/file-server.ts";
import { describeLifecycle } from "../../support/lifecycle.ts";
import { HalfCreated } from "../../support/mini-engine.ts";

const token = "aptly:index/mirror:Mirror";

/** An aptly that publishes a signed repository of its own, which it can then mirror. */
async function startWithArchive(binary: AptlyBinary) {
  const aptly = await startAptly(binary);
  await aptly.raw("POST", "/repos", { Name: "infra" });
  await aptly.upload("infra", "ying_1.0_amd64.deb");
  await aptly.raw("POST", "/publish/trunk", {
    SourceKind: "local",
    Sources: [{ Name: "infra", Component: "main" }],
    Distribution: "bookworm",
    Architectures: ["amd64", "arm64"],
    SkipContents: true,
    SkipBz2: true,
    Signing: { Batch: true },
  });
  const archive = await serveFiles(aptly.published);
  const keyring = join(aptly.keyring, "archive.gpg");
  const env = { ...process.env, GNUPGHOME: aptly.keyring };
  execFileSync("gpg", ["--batch", "--export", "--output", keyring], { env, stdio: "pipe" });
  const inputs = {
    name: "upstream",
    archiveUrl: `${archive.url}/trunk`,
    distribution: "bookworm",
    architectures: ["amd64"],
    keyrings: [keyring],
  };
  const stop = async () => {
    await archive.stop();
    await aptly.stop();
  };
  return { aptly, archive, inputs, stop };
}

describeEveryAptly("Mirror", (binary) => {
  const isNewest = binary.version === "1.6.3";

  describeLifecycle({
    token,
    async start() {
      const { aptly, inputs, stop } = await startWithArchive(binary);
      return {
        engine: aptly.engine,
        inputs: { ...inputs, updateTrigger: "monday" },
        ...(isNewest && {
          update: {
            inputs: { filter: "ying", architectures: ["amd64", "arm64"] },
            seen: { Filter: "ying", Architectures: ["amd64", "arm64"] },
          },
        }),
        replace: { components: ["main"], skipComponentCheck: true },
        untold: ["updateTrigger"],
        look: (id) => aptly.raw("GET", `/mirrors/${id}`),
        removeByHand: async (id) => {
          await aptly.raw("DELETE", `/mirrors/${id}`);
        },
        failAfterFirstWrite() {
          aptly.front.meddle = async (call) => {
            if (call !== "PUT /mirrors/upstream") return undefined;
            aptly.front.meddle = undefined;
            return { status: 500, body: { error: "no space left on device" } };
          };
        },
        stop,
      };
    },
  });

  describe("its own rules", () => {
    let aptly: AptlyScene;
    let archive: FileServer;
    let inputs: Awaited<ReturnType<typeof startWithArchive>>["inputs"];
    let stop: () => Promise<void>;
    beforeAll(async () => {
      ({ aptly, archive, inputs, stop } = await startWithArchive(binary));
    });
    afterAll(async () => {
      await stop?.();
    });
    const packages = (name: string) => aptly.raw<string[]>("GET", `/mirrors/${name}/packages`);

    it("fetches packages only when the trigger is set or changes, and can then be snapshot", async () => {
      const bare = { ...inputs, name: "bare" };
      const stored = await aptly.engine.create(token, "bare", bare);
      expect(await packages("bare")).toBeUndefined();
      const result = await aptly.engine.up(stored, { ...bare, updateTrigger: "monday" });
      expect(result.step).toBe("update");
      expect(await packages("bare")).toEqual([expect.stringMatching(/^Pamd64 ying 1\.0 /)]);
      const snapshot = { name: "from-bare", mirror: "bare" };
      await aptly.engine.create("aptly:index/snapshot:Snapshot", "from-bare", snapshot);
      expect(await aptly.raw("GET", "/snapshots/from-bare/packages")).toHaveLength(1);
      await expect(aptly.engine.delete(result.stored)).rejects.toThrow(
        /DELETE \/mirrors\/bare answered \d+: .* Delete the snapshots made from it first, or set forceDestroy/,
      );
    });

    it("names keyrings when the archive's signature cannot be verified", async () => {
      const wanted = { ...inputs, name: "unknown", keyrings: ["nothing.gpg"] };
      await expect(aptly.engine.create(token, "unknown", wanted)).rejects.toThrow(
        /POST \/mirrors answered 400: .* name it in keyrings, or set ignoreSignatures: true\./,
      );
      const unsigned = { ...wanted, ignoreSignatures: true };
      expect((await aptly.engine.create(token, "unknown", unsigned)).id).toBe("unknown");
    });

    it("learns the archive's keys, as far as the server can", async () => {
      const env = { ...process.env, GNUPGHOME: aptly.keyring };
      const keys = execFileSync("gpg", ["--batch", "--armor", "--export"], { env }).toString();
      const { keyrings: _, ...rest } = inputs;
      const wanted = { ...rest, name: "told", keys, updateTrigger: "monday" };
      const creating = aptly.engine.create(token, "told", wanted);
      if (binary.version.startsWith("1.5")) {
        await expect(creating).rejects.toThrow(
          "aptly before 1.6 learns keys by gnupg1: install it",
        );
        return;
      }
      await creating;
      expect(await packages("told")).toEqual([expect.stringMatching(/^Pamd64 ying 1\.0 /)]);
    });

    it("goes without its snapshots on request, and these keep what they have", async () => {
      const wanted = { ...inputs, name: "passing", updateTrigger: "monday", forceDestroy: true };
      const stored = await aptly.engine.create(token, "passing", wanted);
      const snapshot = { name: "from-passing", mirror: "passing" };
      await aptly.engine.create("aptly:index/snapshot:Snapshot", "from-passing", snapshot);
      await aptly.engine.delete(stored);
      expect(await aptly.raw("GET", "/mirrors/passing")).toBeUndefined();
      expect(await aptly.raw("GET", "/snapshots/from-passing/packages")).toHaveLength(1);
    });

    it("is known again and fetched where a killed update left it, but not once somebody fetched it", async () => {
      const bare = { ...inputs, name: "left" };
      await aptly.engine.create(token, "left", bare);
      await aptly.engine.create(token, "left", { ...bare, updateTrigger: "monday" });
      expect(await packages("left")).toEqual([expect.stringMatching(/^Pamd64 ying 1\.0 /)]);
      await expect(aptly.engine.create(token, "left", bare)).rejects.toThrow("pulumi import");
    });

    it("stays in state when its packages could not be fetched", async () => {
      const wanted = { ...inputs, name: "broken", updateTrigger: "monday" };
      aptly.front.meddle = async (call) => {
        if (call === "PUT /mirrors/broken") await archive.stop();
        return undefined;
      };
      const fault = await aptly.engine
        .create(token, "broken", wanted)
        .catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(HalfCreated);
      expect(String(fault)).toMatch(/PUT \/mirrors\/broken answered \d+: /);
      expect(await aptly.raw("GET", "/mirrors/broken")).toBeDefined();
    });
  });
});
