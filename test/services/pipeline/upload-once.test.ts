import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { type FileServer, serveFiles } from "../../support/file-server.ts";
import {
  buildDebianFile,
  createJobDirectory,
  type JobDirectory,
} from "../../support/pipeline-job.ts";
import { createPublication } from "../../support/upload-scene.ts";

const codenames = ["bookworm", "trixie"];
const first = { package: "quantity", version: "1-1", architecture: "all", content: "a" };

describeEveryAptly("A package that is built once for two distributions of a prefix", (binary) => {
  let aptly: AptlyScene;
  let files: FileServer;
  let job: JobDirectory;
  let number = 0;

  beforeAll(async () => {
    aptly = await startAptly(binary);
    files = await serveFiles(aptly.published);
  });
  afterAll(async () => {
    await files?.stop();
    await aptly?.stop();
  });
  beforeEach(async () => {
    number += 1;
    const apt = { prefix: `trunk${number}`, repository: `infra${number}`, component: "main" };
    for (const codename of codenames) await createPublication(aptly, apt, codename);
    job = await createJobDirectory(
      debianPackagePipeline({
        package: "quantity",
        architecture: "all",
        targets: codenames.map((codename) => ({ codename, image: "none" })),
        tags: [],
        installPrefix: "/usr",
        keepVersions: 1,
        apt: { ...apt, architectures: ["amd64"], signingKey: aptly.key },
        origin: "a test",
      }),
    );
    await build(first);
  });
  afterEach(() => job.remove());

  it("is one file in the pool, which both publish, and may be uploaded again", async () => {
    for (const codename of [...codenames, ...codenames]) await upload(codename);
    const [bookworm, trixie] = await Promise.all(codenames.map(readIndex));
    expect(bookworm?.Filename).toBe("pool/main/q/quantity/quantity_1-1_all.deb");
    expect(trixie).toEqual(bookworm);
    expect(await readStatus(bookworm?.Filename)).toBe(200);
  });

  it("stays where it is published still when another distribution has the next version", async () => {
    for (const codename of codenames) await upload(codename);
    const old = await readIndex("trixie");
    await build({ ...first, version: "1-2", content: "b" });

    expect(await upload("bookworm")).toContain("removed quantity 1-1 (all)");
    expect((await readIndex("bookworm")).Version).toBe("1-2");
    expect(await readIndex("trixie")).toEqual(old);
    expect(await readStatus(old.Filename)).toBe(200);

    await upload("trixie");
    expect(await readStatus(old.Filename)).toBe(404);
  });

  it("is another one when its version only looks like the same number", async () => {
    for (const version of ["1000", "1e3"]) {
      await build({ ...first, version });
      expect(await upload("bookworm")).toContain(`published quantity ${version} (all`);
    }
    const index = await (await fetch(new URL(indexPath("bookworm"), files.url))).text();
    expect(index.match(/^Version: .*$/gm)?.sort()).toEqual(["Version: 1000", "Version: 1e3"]);
    expect(await upload("bookworm")).toContain("already published quantity 1e3 (all");
  });

  async function build(file: typeof first): Promise<void> {
    await buildDebianFile(job.path, "built.deb", file);
    const { exitCode, log } = await job.runWithoutCompiler("compile_for_all");
    expect(exitCode, log).toBe(0);
  }

  async function upload(codename: string): Promise<string> {
    const { url, username, password } = aptly.front.configuration;
    const { exitCode, log } = await job.run(`upload_on_${codename}`, {
      APTLY_URL: url,
      APTLY_USERNAME: username,
      APTLY_PASSWORD: password,
      APT_URL: files.url,
      CI_JOB_ID: `${number}`,
      RETRY_SECONDS: "0",
    });
    expect(exitCode, log).toBe(0);
    return log;
  }

  function indexPath(codename: string): string {
    return `trunk${number}/dists/${codename}/main/binary-amd64/Packages`;
  }

  /** The only entry of a published index. */
  async function readIndex(codename: string): Promise<Record<string, string>> {
    const index = await (await fetch(new URL(indexPath(codename), files.url))).text();
    const fields = index.trim().matchAll(/^(\w+): (.*)$/gm);
    return Object.fromEntries([...fields].map(([, key, value]) => [key, value]));
  }

  async function readStatus(filename: string | undefined): Promise<number> {
    return (await fetch(new URL(`trunk${number}/${filename}`, files.url))).status;
  }
});
