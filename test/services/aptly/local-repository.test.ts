import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { describeLifecycle } from "../../support/lifecycle.ts";
import { CheckFailed } from "../../support/mini-engine.ts";

const token = "aptly:index/localRepository:LocalRepository";
const inputs = { name: "infra_bookworm", comment: "ours", defaultDistribution: "bookworm" };

describeEveryAptly("LocalRepository", (binary) => {
  /** These releases cannot edit a repository. */
  const isFixed = /^1\.6\.[0-2]/.test(binary.version);

  describeLifecycle({
    token,
    async start() {
      const aptly = await startAptly(binary);
      return {
        engine: aptly.engine,
        inputs,
        ...(!isFixed && {
          update: {
            inputs: { comment: "theirs", defaultComponent: "main" },
            seen: { Comment: "theirs", DefaultComponent: "main", DefaultDistribution: "bookworm" },
          },
        }),
        replace: { name: "infra_trixie" },
        look: (id) => aptly.raw("GET", `/repos/${id}`),
        removeByHand: async (id) => {
          await aptly.raw("DELETE", `/repos/${id}`);
        },
        loseAnswer: () => {
          aptly.front.loseAnswerTo = "POST /repos";
        },
        stop: aptly.stop,
      };
    },
  });

  describe("its own rules", () => {
    let aptly: AptlyScene;
    beforeAll(async () => {
      aptly = await startAptly(binary);
    });
    afterAll(async () => {
      await aptly?.stop();
    });

    it("names the import when the repository is there already", async () => {
      await aptly.raw("POST", "/repos", { Name: "foreign" });
      const message = `pulumi import ${token} x foreign --stack dev`;
      const other = { name: "foreign", comment: "ours" };
      await expect(aptly.engine.create(token, "x", other)).rejects.toThrow(message);
      await aptly.upload("foreign", "theirs_1.0_amd64.deb");
      await expect(aptly.engine.create(token, "x", { name: "foreign" })).rejects.toThrow(message);
    });

    it("sends nothing when nothing differs", async () => {
      const stored = await aptly.engine.create(token, "same", { ...inputs, name: "same" });
      aptly.front.requests.length = 0;
      await aptly.engine.update(stored, { ...inputs, name: "same" });
      expect(aptly.front.requests).toEqual(["GET /repos/same"]);
    });

    it("refuses in preview what this release cannot edit", async ({ skip }) => {
      skip(!isFixed, `aptly ${binary.version} can edit a repository`);
      const stored = await aptly.engine.create(token, "fixed", { name: "fixed", comment: "ours" });
      const edit = { name: "fixed", comment: "theirs" };
      const fault = await aptly.engine.preview(stored, edit).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(CheckFailed);
      expect(fault).toMatchObject({ properties: ["comment"] });
      expect(String(fault)).toContain(`aptly ${binary.version} edits a repository only while`);
      const drifted = { ...stored, inputs: { ...stored.inputs, comment: "theirs" } };
      await expect(aptly.engine.update(drifted, edit)).rejects.toThrow("upgrade it to aptly 1.6.3");
      const other = { name: "other", comment: "theirs" };
      expect(await aptly.engine.preview(stored, other)).toMatchObject({ step: "replace" });
    });

    it("keeps a repository with packages unless forceDestroy is set", async () => {
      const stored = await aptly.engine.create(token, "full", { name: "full" });
      await aptly.upload("full", "example_1.0_amd64.deb");
      await expect(aptly.engine.delete(stored)).rejects.toThrow(
        'LocalRepository "full": forceDestroy is false and packages are in "full" (1).',
      );
      expect(await aptly.raw("GET", "/repos/full")).toBeDefined();
      const forced = await aptly.engine.up(stored, { name: "full", forceDestroy: true });
      expect(forced.step).toBe("update");
      await aptly.engine.delete(forced.stored);
      expect(await aptly.raw("GET", "/repos/full")).toBeUndefined();
    });

    it("keeps a published repository", async () => {
      const stored = await aptly.engine.create(token, "published", { name: "published" });
      await aptly.raw("POST", "/publish/trunk", {
        SourceKind: "local",
        Sources: [{ Name: "published", Component: "main" }],
        Distribution: "bookworm",
        Architectures: ["amd64"],
        SkipContents: true,
        SkipBz2: true,
        Signing: { Skip: true },
      });
      await expect(aptly.engine.delete(stored)).rejects.toThrow(
        /DELETE \/repos\/published answered 409: unable to drop, local repo is published\. .*unpublish/,
      );
      expect(await aptly.raw("GET", "/repos/published")).toBeDefined();
      await aptly.raw("DELETE", "/publish/trunk/bookworm");
      await aptly.engine.delete(stored);
      expect(await aptly.raw("GET", "/repos/published")).toBeUndefined();
    });

    it("reads many repositories with one request", async () => {
      const names = ["one", "two", "three"];
      const stored = await Promise.all(
        names.map((name) => aptly.engine.create(token, name, { name })),
      );
      aptly.front.requests.length = 0;
      await Promise.all(stored.map((each) => aptly.engine.refresh(each)));
      expect(aptly.front.requests).toEqual(["GET /repos"]);
    });
  });
});
