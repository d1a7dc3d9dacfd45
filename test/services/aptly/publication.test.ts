import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Values } from "../../../plugins/kit/wire.ts";
import { type AptlyScene, createKey, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { describeLifecycle } from "../../support/lifecycle.ts";
import { CheckFailed, secret } from "../../support/mini-engine.ts";

const token = "aptly:index/publication:Publication";

const inputs = {
  prefix: "team/trunk_main",
  distribution: "book_worm",
  sources: [{ name: "infra", component: "main" }],
  architectures: ["amd64", "arm64"],
};

async function startWithRepository(binary: Parameters<typeof startAptly>[0]) {
  const aptly = await startAptly(binary);
  await aptly.raw("POST", "/repos", { Name: "infra" });
  return aptly;
}

/** As aptly lists it. */
async function look(aptly: AptlyScene, id: string): Promise<Values | undefined> {
  const rows = (await aptly.raw<Values[]>("GET", "/publish")) ?? [];
  return rows.find((row) => `${row.Prefix}/${row.Distribution}` === id);
}

/** Who signed the InRelease file, by gpg's own verifier. */
function signers(aptly: AptlyScene, prefix: string, distribution: string): string[] {
  const file = join(aptly.published, prefix, "dists", distribution, "InRelease");
  const env = { ...process.env, GNUPGHOME: aptly.keyring };
  const status = execFileSync("gpg", ["--status-fd", "1", "--verify", file], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return [...status.matchAll(/VALIDSIG ([0-9A-F]{40})/g)].map(([, key]) => String(key));
}

/** gpg's agent keeps what it once unlocked. */
function forgetPassphrases(aptly: AptlyScene): void {
  const env = { ...process.env, GNUPGHOME: aptly.keyring };
  execFileSync("gpgconf", ["--kill", "gpg-agent"], { env });
}

describeEveryAptly("Publication", (binary) => {
  const isNewest = binary.version === "1.6.3";
  const newerOnly = `aptly ${binary.version} cannot: 1.6.3 can`;
  const isOld = binary.version.startsWith("1.5");

  describeLifecycle({
    token,
    async start() {
      const aptly = await startWithRepository(binary);
      return {
        engine: aptly.engine,
        inputs,
        update: {
          inputs: { acquireByHash: false, skipContents: false },
          seen: { AcquireByHash: false, SkipContents: false },
        },
        replace: { distribution: "trixie" },
        look: (id) => look(aptly, id),
        removeByHand: async () => {
          await aptly.raw("DELETE", "/publish/team_trunk__main/trixie");
        },
        loseAnswer: () => {
          aptly.front.loseAnswerTo = "POST /publish/trunk";
        },
        stop: aptly.stop,
      };
    },
  });

  describe("its own rules", () => {
    let aptly: AptlyScene;
    let count = 0;
    beforeAll(async () => {
      aptly = await startWithRepository(binary);
      for (const name of ["other", "extra"]) await aptly.raw("POST", "/repos", { Name: name });
      for (const Name of ["monday", "tuesday"]) {
        await aptly.raw("POST", "/repos/infra/snapshots", { Name });
      }
    });
    afterAll(async () => {
      await aptly?.stop();
    });

    /** Inputs of a publication that no other case has. */
    const fresh = (more: Values = {}): Values => {
      count += 1;
      return { ...inputs, prefix: "trunk", distribution: `dist${count}`, ...more };
    };

    const drops = () => aptly.front.requests.filter((call) => call.startsWith("DELETE /publish"));

    it("takes another architecture by one drop between two publishes, and keeps what nobody named", async () => {
      const wanted = fresh({ architectures: ["amd64"] });
      const stored = await aptly.engine.create(token, "wider", wanted);
      await aptly.raw("DELETE", `/publish/trunk/${wanted.distribution}`);
      const byHand = { SourceKind: "local", Sources: [{ Name: "infra", Component: "main" }] };
      const more = { Distribution: wanted.distribution, Architectures: ["amd64"], Label: "Hands" };
      await aptly.raw("POST", "/publish/trunk", { ...byHand, ...more });
      aptly.front.requests.length = 0;
      const architectures = ["arm64", "amd64"];
      const result = await aptly.engine.up(stored, { ...wanted, architectures });
      expect(result.step).toBe("update");
      const writes = aptly.front.requests.filter((call) =>
        /^(PUT|POST|DELETE) \/publish/.test(call),
      );
      const url = `/publish/trunk/${wanted.distribution}`;
      expect(writes).toEqual([`PUT ${url}`, `DELETE ${url}`, "POST /publish/trunk"]);
      expect(await look(aptly, stored.id)).toMatchObject({
        Architectures: ["amd64", "arm64"],
        Label: "Hands",
      });
      expect(await aptly.engine.refresh(result.stored)).toEqual(result.stored);
    });

    it("is not dropped for another architecture when it cannot be published", async () => {
      const wanted = fresh({ architectures: ["amd64"] });
      const stored = await aptly.engine.create(token, "kept", wanted);
      const signing = { gpgKey: "0123456789ABCDEF0123456789ABCDEF01234567" };
      const change = { ...wanted, architectures: ["amd64", "arm64"], signing };
      await expect(aptly.engine.up(stored, change)).rejects.toThrow("in the secret keyring");
      expect(await look(aptly, stored.id)).toMatchObject({ Architectures: ["amd64"] });
    });

    it("comes back as it was when it cannot be published anew", async () => {
      const wanted = fresh({ architectures: ["amd64"] });
      const stored = await aptly.engine.create(token, "restored", wanted);
      aptly.front.meddle = async (call) => {
        if (call !== "POST /publish/trunk") return undefined;
        aptly.front.meddle = undefined;
        return { status: 500, body: { error: "no space left on device" } };
      };
      const change = { ...wanted, architectures: ["amd64", "arm64"] };
      await expect(aptly.engine.up(stored, change)).rejects.toThrow("no space left");
      expect(await look(aptly, stored.id)).toMatchObject({ Architectures: ["amd64"] });
    });

    it("is published by an update when it was dropped before it was published anew", async () => {
      const wanted = fresh({ architectures: ["amd64"] });
      const stored = await aptly.engine.create(token, "interrupted", wanted);
      await aptly.raw("DELETE", `/publish/trunk/${wanted.distribution}`);
      const architectures = ["amd64", "arm64"];
      expect((await aptly.engine.up(stored, { ...wanted, architectures })).step).toBe("update");
      expect(await look(aptly, stored.id)).toMatchObject({ Architectures: architectures });
    });

    it("is signed by the named key, and signed anew when that changes", async () => {
      const second = createKey({ GNUPGHOME: aptly.keyring }, "second");
      const wanted = fresh({ signing: { gpgKey: aptly.key } });
      const stored = await aptly.engine.create(token, "signed", wanted);
      expect(signers(aptly, "trunk", String(wanted.distribution))).toEqual([aptly.key]);
      const result = await aptly.engine.up(stored, { ...wanted, signing: { gpgKey: second } });
      expect(result.step).toBe("update");
      expect(signers(aptly, "trunk", String(wanted.distribution))).toEqual([second]);
    });

    it("unlocks the key with a passphrase, which stays a secret", async () => {
      const passphrase = "open-sesame-42";
      const key = createKey({ GNUPGHOME: aptly.keyring }, "locked", passphrase);
      const wanted = fresh({ signing: { gpgKey: key, passphrase } });
      const stored = await aptly.engine.create(token, "locked", wanted);
      expect(signers(aptly, "trunk", String(wanted.distribution))).toEqual([key]);
      expect(stored.state.signing).toEqual(secret({ gpgKey: key, passphrase }));
      forgetPassphrases(aptly);
      const wrong = fresh({ signing: { gpgKey: key, passphrase: "open-barley-42" } });
      const fault = await aptly.engine.create(token, "barred", wrong).catch(String);
      expect(fault).toMatch(/answered 500: .*sign/);
      expect(fault).not.toContain("open-barley-42");
    });

    it("is signed by several keys", async ({ skip }) => {
      skip(!isNewest, newerOnly);
      const third = createKey({ GNUPGHOME: aptly.keyring }, "third");
      const wanted = fresh({ signing: { gpgKey: `${aptly.key},${third}` } });
      await aptly.engine.create(token, "doubly", wanted);
      const found = signers(aptly, "trunk", String(wanted.distribution));
      expect(found.sort()).toEqual([aptly.key, third].sort());
    });

    it("is published in the root by its prefix .", async () => {
      const { prefix: _, ...wanted } = fresh();
      const stored = await aptly.engine.create(token, "root", wanted);
      expect(stored.id).toBe(`./${wanted.distribution}`);
      expect(signers(aptly, ".", String(wanted.distribution))).toHaveLength(1);
      const changed = await aptly.engine.up(stored, { ...wanted, skipContents: false });
      expect(await look(aptly, stored.id)).toMatchObject({ SkipContents: false });
      await aptly.engine.delete(changed.stored);
      expect(await look(aptly, stored.id)).toBeUndefined();
    });

    it("keeps the Contents indexes that somebody switched on, where the program says nothing of them", async () => {
      const wanted = fresh();
      const stored = await aptly.engine.create(token, "contents", wanted);
      const first = { SkipContents: true, AcquireByHash: true };
      expect(await look(aptly, stored.id)).toMatchObject(first);
      const url = `/publish/trunk/${wanted.distribution}`;
      const byHand = { SkipContents: false, SkipBz2: false, Signing: { Batch: true } };
      await aptly.raw("PUT", url, byHand);
      const refreshed = await aptly.engine.refresh(stored);
      if (!refreshed) throw new Error("gone");
      expect((await aptly.engine.preview(refreshed, wanted)).step).toBe("same");
      const changed = await aptly.engine.up(refreshed, { ...wanted, acquireByHash: false });
      expect(changed.step).toBe("update");
      expect(await look(aptly, stored.id)).toMatchObject({
        SkipContents: false,
        AcquireByHash: false,
      });
      const released = join(aptly.published, "trunk/dists", String(wanted.distribution), "Release");
      expect(readFileSync(released, "utf8")).toMatch(/Packages\.bz2/);
    });

    it("says which key was meant when signing fails, and is not there", async () => {
      const wanted = fresh({ signing: { gpgKey: "0123456789ABCDEF0123456789ABCDEF01234567" } });
      await expect(aptly.engine.create(token, "unsigned", wanted)).rejects.toThrow(
        /^Publication "unsigned": aptly: POST \/publish\/trunk answered 500: .*sign.* Check that the key "0123456789ABCDEF0123456789ABCDEF01234567" is in the secret keyring/,
      );
      expect(await look(aptly, `trunk/${wanted.distribution}`)).toBeUndefined();
    });

    it("asks for architectures when the repository is empty", async () => {
      const { architectures: _, ...wanted } = fresh();
      await expect(aptly.engine.create(token, "bare", wanted)).rejects.toThrow(
        "An empty repository cannot tell its architectures: set architectures.",
      );
    });

    it("names the import when another publication has the place", async () => {
      const wanted = fresh();
      const stored = await aptly.engine.create(token, "first", wanted);
      const other = { ...wanted, label: "Other" };
      await expect(aptly.engine.create(token, "again", other)).rejects.toThrow(
        `pulumi import ${token} again ${stored.id} --stack dev`,
      );
      const imported = await aptly.engine.import(token, "again", stored.id);
      expect(imported?.state).toMatchObject({ prefix: "trunk", sources: wanted.sources });
    });

    it("stays while packages are in its repository that nothing else publishes, unless forced", async () => {
      await aptly.raw("POST", "/repos", { Name: "full" });
      await aptly.upload("full", "ying_1.0_amd64.deb");
      const sources = [{ name: "full", component: "main" }];
      const wanted = fresh({ sources });
      const stored = await aptly.engine.create(token, "full", wanted);
      await expect(aptly.engine.delete(stored)).rejects.toThrow(
        'forceDestroy is false and packages are in "full" (1) that nothing else publishes',
      );
      expect(await look(aptly, stored.id)).toBeDefined();

      const elsewhere = { ...wanted, prefix: "moved" };
      const moved = await aptly.engine.create(token, "full", elsewhere);
      await aptly.engine.delete(stored);
      expect(await look(aptly, stored.id)).toBeUndefined();
      const forced = await aptly.engine.update(moved, { ...elsewhere, forceDestroy: true });
      await aptly.engine.delete(forced);
      expect(await look(aptly, moved.id)).toBeUndefined();
    });

    it("is published again when somebody dropped it", async () => {
      const wanted = fresh();
      const stored = await aptly.engine.create(token, "dropped", wanted);
      await aptly.raw("DELETE", `/publish/trunk/${wanted.distribution}`);
      expect(await aptly.engine.refresh(stored)).toBeUndefined();
      await aptly.engine.create(token, "dropped", wanted);
      expect(await look(aptly, stored.id)).toBeDefined();
    });

    it("changes its label in place from 1.6.3 on, and is published anew before", async () => {
      const wanted = fresh({ label: "Trunk", origin: "Us" });
      const stored = await aptly.engine.create(token, "labelled", wanted);
      aptly.front.requests.length = 0;
      const result = await aptly.engine.up(stored, { ...wanted, label: "Infra" });
      expect(result.step).toBe("update");
      expect(drops()).toHaveLength(isNewest ? 0 : 1);
      expect(await look(aptly, stored.id)).toMatchObject({ Label: "Infra", Origin: "Us" });
    });

    it("puts a label back that somebody changed", async ({ skip }) => {
      skip(!isNewest, newerOnly);
      const wanted = fresh({ label: "Trunk" });
      const stored = await aptly.engine.create(token, "drifting", wanted);
      const url = `/publish/trunk/${wanted.distribution}`;
      await aptly.raw("PUT", url, { Label: "Theirs", Signing: { Skip: true } });
      const seen = await aptly.engine.refresh(stored);
      if (!seen) throw new Error("not found");
      expect((await aptly.engine.up(seen, wanted)).step).toBe("update");
      expect(await look(aptly, stored.id)).toMatchObject({ Label: "Trunk" });
    });

    it("switches a snapshot in place", async () => {
      const wanted = fresh({
        sourceKind: "snapshot",
        sources: [{ name: "monday", component: "main" }],
      });
      const stored = await aptly.engine.create(token, "switched", wanted);
      const next = { ...wanted, sources: [{ name: "tuesday", component: "main" }] };
      const result = await aptly.engine.up(stored, next);
      expect(result.step).toBe("update");
      expect(await look(aptly, stored.id)).toMatchObject({
        Sources: [{ Name: "tuesday", Component: "main" }],
      });
    });

    it("takes other repositories and components in place from 1.6 on, and is published anew before", async () => {
      const wanted = fresh();
      const stored = await aptly.engine.create(token, "recomposed", wanted);
      const sources = [
        { name: "extra", component: "extra" },
        { name: "other", component: "main" },
      ];
      aptly.front.requests.length = 0;
      const result = await aptly.engine.up(stored, { ...wanted, sources });
      expect(result.step).toBe("update");
      expect(drops()).toHaveLength(isOld ? 1 : 0);
      const published = await look(aptly, stored.id);
      expect(published?.Sources).toHaveLength(2);
      expect(published?.Sources).toContainEqual({ Name: "extra", Component: "extra" });
      expect(published?.Sources).toContainEqual({ Name: "other", Component: "main" });
      expect(await aptly.engine.refresh(result.stored)).toEqual(result.stored);
    });

    it("refuses in preview what this release lacks, naming the version", async () => {
      const wanted = fresh({ multiDist: true, signedBy: aptly.key, version: "1" });
      const lacking = isNewest ? [] : ["signedBy", "version"];
      const expected = isOld ? ["multiDist", ...lacking] : lacking;
      const fault = await aptly.engine
        .create(token, "modern", wanted)
        .catch((error: unknown) => error);
      if (expected.length === 0) {
        expect(await look(aptly, `trunk/${wanted.distribution}`)).toMatchObject({
          MultiDist: true,
          SignedBy: aptly.key,
          Version: "1",
        });
        return;
      }
      expect(fault).toBeInstanceOf(CheckFailed);
      expect(fault).toMatchObject({ properties: expected });
      expect(String(fault)).toContain(`the server runs ${binary.version}`);
    });

    it("sends nothing when nothing differs", async () => {
      const wanted = fresh();
      const stored = await aptly.engine.create(token, "idle", wanted);
      aptly.front.requests.length = 0;
      await aptly.engine.update(stored, wanted);
      expect(aptly.front.requests).toEqual(["GET /publish"]);
    });

    it("publishes 20 of one prefix one after the other, and reads them with one request", async () => {
      const all = Array.from({ length: 20 }, () => fresh());
      aptly.front.requests.length = 0;
      const stored = await Promise.all(
        all.map((wanted, index) => aptly.engine.create(token, `many-${index}`, wanted)),
      );
      for (const { id } of stored) expect(await look(aptly, id)).toBeDefined();
      const steps = aptly.front.requests.filter((call) => /^POST|^DELETE/.test(call));
      const kinds = steps.map((call) => call.replace(/\d+$/, ""));
      const oneAtATime = stored.flatMap(() => ["POST /publish/trunk", "DELETE /tasks/"]);
      expect(kinds).toEqual(oneAtATime);
      aptly.front.requests.length = 0;
      const seen = await Promise.all(stored.map((each) => aptly.engine.refresh(each)));
      expect(seen).toEqual(stored);
      expect(aptly.front.requests).toEqual(["GET /publish"]);
    });
  });
});
