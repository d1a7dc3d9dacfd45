import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { describeLifecycle } from "../../support/lifecycle.ts";
import { CheckFailed } from "../../support/mini-engine.ts";

const token = "aptly:index/snapshot:Snapshot";
const inputs = { name: "monday", localRepository: "infra", description: "as released" };

async function startWithPackage(binary: Parameters<typeof startAptly>[0]) {
  const aptly = await startAptly(binary);
  await aptly.raw("POST", "/repos", { Name: "infra" });
  await aptly.upload("infra", "ying_1.0_amd64.deb");
  return aptly;
}

describeEveryAptly("Snapshot", (binary) => {
  describeLifecycle({
    token,
    async start() {
      const aptly = await startWithPackage(binary);
      return {
        engine: aptly.engine,
        inputs,
        update: {
          inputs: { description: "known good" },
          seen: { Description: "known good" },
        },
        replace: { name: "tuesday" },
        untold: ["localRepository"],
        look: (id) => aptly.raw("GET", `/snapshots/${id}`),
        removeByHand: async (id) => {
          await aptly.raw("DELETE", `/snapshots/${id}`);
        },
        loseAnswer: () => {
          aptly.front.loseAnswerTo = "POST /repos/infra/snapshots";
        },
        stop: aptly.stop,
      };
    },
  });

  describe("its own rules", () => {
    let aptly: AptlyScene;
    const packages = (name: string) => aptly.raw<string[]>("GET", `/snapshots/${name}/packages`);
    beforeAll(async () => {
      aptly = await startWithPackage(binary);
    });
    afterAll(async () => {
      await aptly?.stop();
    });

    it("keeps what the repository held when it was taken", async () => {
      await aptly.engine.create(token, "kept", { name: "kept", localRepository: "infra" });
      await aptly.upload("infra", "ying_2.0_amd64.deb");
      expect(await packages("kept")).toEqual([expect.stringMatching(/^Pamd64 ying 1\.0 /)]);
    });

    it("is made of single packages", async () => {
      const all = (await aptly.raw<string[]>("GET", "/repos/infra/packages")) ?? [];
      const refs = all.filter((each) => each.includes(" 2.0 "));
      await aptly.engine.create(token, "picked", { name: "picked", packageRefs: refs });
      expect(await packages("picked")).toEqual(refs);
    });

    it("is made of other snapshots from 1.6.3 on, and refused before, where it would be empty", async () => {
      const wanted = { name: "merged", sourceSnapshots: ["kept", "picked"] };
      const outcome = await aptly.engine
        .create(token, "merged", wanted)
        .catch((error: unknown) => error);
      if (binary.version === "1.6.3") {
        expect(await packages("merged")).toEqual(await packages("picked"));
        return;
      }
      expect(outcome).toBeInstanceOf(CheckFailed);
      expect(outcome).toMatchObject({ properties: ["sourceSnapshots"] });
    });

    it("is replaced when its origin changes, but not when an import did not know it", async () => {
      const wanted = { name: "moved", localRepository: "infra" };
      const stored = await aptly.engine.create(token, "moved", wanted);
      const other = { name: "moved", packageRefs: [] };
      expect(await aptly.engine.preview(stored, other)).toMatchObject({ step: "replace" });
      const imported = await aptly.engine.import(token, "moved", "moved");
      if (!imported) throw new Error("not found");
      const adopted = await aptly.engine.up(imported, wanted);
      expect(adopted.step).toBe("update");
      expect(await aptly.engine.preview(adopted.stored, wanted)).toMatchObject({ step: "same" });
    });

    it("refuses two origins", async () => {
      const both = { name: "two", localRepository: "infra", mirror: "debian" };
      const fault = await aptly.engine.create(token, "two", both).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(CheckFailed);
      expect(fault).toMatchObject({ properties: ["localRepository"] });
    });

    it("names the import when the name is taken", async () => {
      await aptly.raw("POST", "/repos/infra/snapshots", { Name: "foreign" });
      const wanted = { name: "foreign", localRepository: "infra", description: "ours" };
      await expect(aptly.engine.create(token, "foreign", wanted)).rejects.toThrow(
        `pulumi import ${token} foreign foreign --stack dev`,
      );
    });

    it("stays while it is published", async () => {
      const wanted = { name: "live", localRepository: "infra" };
      const stored = await aptly.engine.create(token, "live", wanted);
      await aptly.raw("POST", "/publish/trunk", {
        SourceKind: "snapshot",
        Sources: [{ Name: "live", Component: "main" }],
        Distribution: "bookworm",
        SkipContents: true,
        SkipBz2: true,
        Signing: { Skip: true },
      });
      await expect(aptly.engine.delete(stored)).rejects.toThrow(
        /DELETE \/snapshots\/live answered 409: .*published.*unpublish/,
      );
      expect(await aptly.raw("GET", "/snapshots/live")).toBeDefined();
    });
  });
});
