import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { deb, useUploadScene } from "../../support/upload-scene.ts";

const codename = "~bookworm";

describeEveryAptly("An upload job that keeps two versions", (binary) => {
  const scene = useUploadScene(binary, { keepVersions: 2 });
  const { upload, build } = scene;
  const repository = () => `infra${scene.number}_bookworm`;
  const deleteCall = () => `DELETE /repos/${repository()}/packages`;
  const calls = (method: string) =>
    scene.aptly.front.requests.filter((call) => call.startsWith(`${method} `));

  /** Adds packages that earlier jobs uploaded: `ying 1.0 amd64`, without the codename. */
  async function add(...packages: string[]): Promise<void> {
    for (const each of packages) {
      const [name, version, architecture] = each.split(" ");
      await scene.aptly.upload(repository(), `${name}_${version}${codename}_${architecture}.deb`);
    }
    await publish();
    scene.aptly.front.requests.length = 0;
  }

  async function publish(): Promise<void> {
    const Signing = { Batch: true, GpgKey: scene.aptly.key };
    await scene.aptly.raw("PUT", `/publish/trunk__${scene.number}/bookworm`, { Signing });
  }

  /** As `add` takes them. */
  async function held(): Promise<string[]> {
    const keys = (await scene.packages()) ?? [];
    return keys.map(toWords).sort();
  }

  async function published(): Promise<string[]> {
    const folder = join(scene.aptly.published, `trunk_${scene.number}`);
    const file = join(folder, "dists/bookworm/main/binary-amd64/Packages");
    const paragraphs = (await readFile(file, "utf8")).split("\n\n").filter((text) => text.trim());
    const field = (text: string, name: string) =>
      new RegExp(`^${name}: (.*)$`, "m").exec(text)?.[1];
    return paragraphs
      .map((text) => ["Package", "Version", "Architecture"].map((name) => field(text, name)))
      .map((words) => words.join(" ").replace(codename, ""))
      .sort();
  }

  it("keeps the newest in Debian's order, of repository and index, and says what went", async () => {
    await add("ying 1.10.0-1 amd64", "ying 1.9.0-1 amd64", "ying 2.0~rc1-1 amd64");
    await build({ ...deb, version: `2.0-1${codename}` });
    const { exitCode, log } = await upload();
    expect(exitCode, log).toBe(0);
    expect(removals(log)).toEqual(["ying 1.10.0-1 (amd64)", "ying 1.9.0-1 (amd64)"]);
    expect(await held()).toEqual(["ying 2.0-1 amd64", "ying 2.0~rc1-1 amd64"]);
    expect(await published()).toEqual(await held());
  });

  it("counts an epoch before all else", async () => {
    await add("ying 1:0.1-1 amd64", "ying 8.0-1 amd64", "ying 9.0-1 amd64");
    await build({ ...deb, version: `1:0.2-1${codename}` });
    const { log } = await upload();
    expect(removals(log)).toEqual(["ying 8.0-1 (amd64)", "ying 9.0-1 (amd64)"]);
    expect(await held()).toEqual(["ying 1:0.1-1 amd64", "ying 1:0.2-1 amd64"]);
  });

  it("touches neither other packages nor other architectures", async () => {
    const others = ["amd64", "arm64", "all"].flatMap((architecture) =>
      ["ying-dev", "libying", "yin"].map((name) => `${name} 0.1-1 ${architecture}`),
    );
    const ported = ["ying 0.1-1 arm64", "ying 0.2-1 arm64", "ying 0.3-1 arm64", "ying 0.9-1 all"];
    await add(...others, ...ported, "ying 0.1-1 amd64", "ying 0.2-1 amd64");
    const { log } = await upload();
    expect(removals(log)).toEqual(["ying 0.1-1 (amd64)"]);
    expect(await held()).toEqual(
      [...others, ...ported, "ying 0.2-1 amd64", "ying 1.2.0-1 amd64"].sort(),
    );
  });

  it("counts packages for all architectures by themselves", async () => {
    await add("ying 0.1-1 all", "ying 0.2-1 all", "ying 0.1-1 amd64");
    await build({ ...deb, architecture: "all" });
    const { log } = await upload();
    expect(removals(log)).toEqual(["ying 0.1-1 (all)"]);
    expect(await held()).toEqual(["ying 0.1-1 amd64", "ying 0.2-1 all", "ying 1.2.0-1 all"]);
  });

  it("keeps what it uploads, also when that is older, and says so", async () => {
    await add("ying 1.3.0-1 amd64", "ying 1.4.0-1 amd64", "ying 1.1.0-1 amd64");
    const { exitCode, log } = await upload();
    expect(exitCode, log).toBe(0);
    expect(log).toContain("kept ying 1.2.0-1~bookworm (amd64), which this job uploads");
    expect(removals(log)).toEqual(["ying 1.1.0-1 (amd64)"]);
    expect(await published()).toEqual([
      "ying 1.2.0-1 amd64",
      "ying 1.3.0-1 amd64",
      "ying 1.4.0-1 amd64",
    ]);
  });

  it("removes nothing while there are not more, and nothing when it runs again", async () => {
    await add("ying 1.1.0-1 amd64");
    await upload();
    await upload();
    expect(calls("DELETE")).not.toContain(deleteCall());
    expect(await held()).toHaveLength(2);
  });

  it("removes all of them by one call, before the one that publishes", async () => {
    await add("ying 0.1-1 amd64", "ying 0.2-1 amd64", "ying 0.3-1 amd64");
    await upload();
    const { requests } = scene.aptly.front;
    const own = requests.filter((call) => call === deleteCall() || call.startsWith("PUT"));
    expect(own).toEqual([deleteCall(), `PUT /publish/trunk__${scene.number}/bookworm`]);
  });

  it("leaves the files that a snapshot still publishes", async () => {
    await add("ying 0.1-1 amd64", "ying 0.2-1 amd64");
    const name = `release${scene.number}`;
    await scene.aptly.raw("POST", `/repos/${repository()}/snapshots`, { Name: name });
    await scene.aptly.raw("POST", `/publish/trunk__${scene.number}`, {
      SourceKind: "snapshot",
      Sources: [{ Name: name }],
      Distribution: "released",
      Signing: { Batch: true, GpgKey: scene.aptly.key },
    });
    const { log } = await upload();
    expect(removals(log)).toEqual(["ying 0.1-1 (amd64)"]);
    const pool = join(scene.aptly.published, `trunk_${scene.number}/pool/main/y/ying`);
    const file = await readFile(join(pool, `ying_0.1-1${codename}_amd64.deb`));
    expect(file.length).toBeGreaterThan(0);
  });

  it("leaves files that nothing refers to for aptly's own clean-up", async () => {
    await add("ying 0.0.1-1 amd64", "ying 0.0.2-1 amd64");
    await upload();
    const pool = join(dirname(scene.aptly.published), "pool");
    const countOf = async (name: string) =>
      (await readdir(pool, { recursive: true })).filter((file) => file.endsWith(name)).length;
    const [gone, kept] = ["0.0.1-1", "0.0.2-1"].map(
      (version) => `ying_${version}${codename}_amd64.deb`,
    );
    expect(await countOf(`${gone}`)).toBeGreaterThan(0);
    await scene.aptly.raw("POST", "/db/cleanup");
    expect(await countOf(`${gone}`)).toBe(0);
    expect(await countOf(`${kept}`)).toBeGreaterThan(0);
    expect((await upload()).exitCode).toBe(0);
  });

  describe("when it cannot remove them", () => {
    const old = ["ying 0.1-1 amd64", "ying 0.2-1 amd64", "ying 0.3-1 amd64"];
    const after = ["ying 0.3-1 amd64", "ying 1.2.0-1 amd64"];

    it.each([400, 404, 500])(
      "fails, publishes nothing, and succeeds later (%d)",
      async (status) => {
        await add(...old);
        scene.aptly.front.meddle = async (call) => (call === deleteCall() ? { status } : undefined);
        const { exitCode, log } = await upload();
        expect(log).toMatch(new RegExp(`DELETE .* answered ${status}`));
        expect(exitCode).toBe(1);
        expect(removals(log)).toEqual([]);
        expect(calls("PUT")).toEqual([]);
        expect(await published()).toEqual(old);
        scene.aptly.front.meddle = undefined;
        expect((await upload()).exitCode).toBe(0);
        expect(await published()).toEqual(after);
      },
    );

    it("tries again after the connection was cut", async () => {
      await add(...old);
      scene.aptly.front.cut = { call: deleteCall(), times: 2 };
      const { exitCode, log } = await upload();
      expect(log).toContain("got no whole answer");
      expect(exitCode, log).toBe(0);
      expect(scene.aptly.front.cut.times).toBe(0);
      expect(await published()).toEqual(after);
    });

    it("is not confused when aptly did it and the answer is lost", async () => {
      await add(...old);
      scene.aptly.front.loseAnswerTo = deleteCall();
      const { exitCode, log } = await upload();
      expect(log).toContain("got no whole answer");
      expect(exitCode, log).toBe(0);
      expect(removals(log)).toHaveLength(2);
      expect(await published()).toEqual(after);
    });

    it("removes nothing when it cannot ask what is there", async () => {
      await add(...old);
      let questions = 0;
      scene.aptly.front.meddle = async (call) => {
        if (!call.startsWith(`GET /repos/${repository()}`)) return undefined;
        questions += 1;
        return questions > 1 ? { status: 500 } : undefined;
      };
      const { exitCode } = await upload();
      expect(exitCode).toBe(1);
      expect(calls("DELETE")).not.toContain(deleteCall());
      expect(calls("PUT")).toEqual([]);
    });
  });

  it("keeps the old index when signing fails, and ends in the same state later", async () => {
    const old = ["ying 0.1-1 amd64", "ying 0.2-1 amd64"];
    await add(...old);
    const { exitCode } = await upload({ PUBLISH_SIGNING_KEY: "0".repeat(40) });
    expect(exitCode).toBe(1);
    expect(await published()).toEqual(old);
    expect((await upload()).exitCode).toBe(0);
    expect(await published()).toEqual(["ying 0.2-1 amd64", "ying 1.2.0-1 amd64"]);
  });

  it.each(["sh", "bash"])("does so in %s", async (shell) => {
    await add("ying 0.1-1 amd64", "ying 0.2-1 amd64");
    const { exitCode, log } = await upload({}, shell);
    expect(exitCode, log).toBe(0);
    expect(removals(log)).toEqual(["ying 0.1-1 (amd64)"]);
  });
});

/** What the log says was removed, without the codename. */
function removals(log: string): string[] {
  const lines = log.matchAll(/^removed (\S+ \S+ \(\w+\)) from \S+, for KEEP_VERSIONS is 2$/gm);
  return [...lines].map(([, words = ""]) => words.replace(codename, "")).sort();
}

/** aptly's key as `name version architecture`. */
function toWords(key: string): string {
  const [architecture = "", name, version = ""] = key.split(" ");
  return `${name} ${version.replace(codename, "")} ${architecture.slice(1)}`;
}
