import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { type FileServer, serveFiles } from "../../support/file-server.ts";
import {
  buildDebianFile,
  createJobDirectory,
  type JobDirectory,
} from "../../support/pipeline-job.ts";

const deb = { package: "ying", version: "1.2.0-1~bookworm", architecture: "amd64", content: "a" };

describeEveryAptly("An upload job", (binary) => {
  let aptly: AptlyScene;
  let files: FileServer;
  let job: JobDirectory;
  let variables: Record<string, string>;
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
    const prefix = `trunk_${number}`;
    const repository = `infra${number}`;
    await createPublication(`${repository}_bookworm`, prefix);
    job = await createJobDirectory(
      debianPackagePipeline({
        package: "ying",
        targets: [{ codename: "bookworm", image: "none" }],
        tags: [],
        installPrefix: "/usr",
        apt: {
          prefix,
          repository,
          component: "main",
          architectures: ["amd64"],
          signingKey: aptly.key,
        },
        origin: "a test",
      }),
    );
    await buildDebianFile(job.path, "whatever.deb", deb);
    await collect();
    const { url, username, password } = aptly.front.configuration;
    variables = {
      APTLY_URL: `${url}/`,
      APTLY_USERNAME: username,
      APTLY_PASSWORD: password,
      APT_URL: files.url,
      CI_JOB_ID: `${number}`,
      RETRY_SECONDS: "0",
    };
  });
  afterEach(async () => {
    aptly.front.meddle = undefined;
    await job.remove();
    const uploads = await aptly.raw("GET", "/files");
    expect(uploads).not.toContain(`ying_bookworm_${number}`);
  });

  const upload = (changes: Record<string, string> = {}, shell?: string) =>
    job.run("upload_on_bookworm", { ...variables, ...changes }, shell);

  describe.each(["sh", "bash"])("in %s", (shell) => {
    it("publishes, says what went where, and may be run again", async () => {
      for (const _ of ["first", "again"]) {
        const { exitCode, log } = await upload({}, shell);
        expect(log).toMatch(
          /^published ying 1\.2\.0-1~bookworm \(amd64, \d+ bytes, SHA-256 \w{64}\)$/m,
        );
        expect(log).toContain(`in infra${number}_bookworm, as trunk_${number}/bookworm main`);
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
      aptly.front.requests.length = 0;
      const { exitCode, log } = await upload({ [key]: "" });
      expect(log).toContain(`${key} is empty`);
      expect(exitCode).toBe(1);
      expect(aptly.front.requests).toEqual([]);
    },
  );

  it("refuses a package that changed on the way", async () => {
    await appendFile(join(job.path, "packages/ying_1.2.0-1~bookworm_amd64.deb"), "x");
    const { exitCode, log } = await upload();
    expect(log).toMatch(/has \d+ bytes, the manifest says \d+/);
    expect(exitCode).toBe(1);
  });

  it("refuses a package of the same size with other content", async () => {
    const path = join(job.path, "packages/ying_1.2.0-1~bookworm_amd64.deb");
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { exitCode, log } = await upload();
    expect(log).toContain("its SHA-256 differs from the manifest");
    expect(exitCode).toBe(1);
  });

  it("refuses to upload nothing", async () => {
    await writeFile(join(job.path, "packages/manifest"), "");
    expect((await upload()).log).toContain("packages/manifest is missing or empty");
  });

  it("refuses the same version with other content and keeps the published one", async () => {
    await upload();
    const before = await packages();
    await buildDebianFile(job.path, "whatever.deb", { ...deb, content: "b" });
    await collect();
    const { exitCode, log } = await upload();
    expect(log).toMatch(/conflict in package ying_1\.2|already exists and is different: ying_1\.2/);
    expect(log).toContain("raise the version");
    expect(exitCode).toBe(1);
    expect(await packages()).toEqual(before);
  });

  it("waits while others have their turn, for longer than five tries", async () => {
    let refusals = 6;
    aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") && refusals-- > 0 ? { status: 429 } : undefined;
    const { exitCode, log } = await upload();
    expect(log.match(/aptly is busy with another job's call: waiting/g)).toHaveLength(1);
    expect(exitCode, log).toBe(0);
  });

  it("does not wait for its turn for ever", async () => {
    aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 429 } : undefined;
    const { exitCode, log } = await upload({ BUSY_TRIES: "2" });
    expect(log).toMatch(/PUT .* got no turn/);
    expect(exitCode).not.toBe(0);
  });

  it.each([502, 503, 504])("tries again after %d", async (status) => {
    const tried = new Set<string>();
    aptly.front.meddle = async (call) => {
      if (tried.has(call)) return undefined;
      tried.add(call);
      return { status };
    };
    const { exitCode, log } = await upload();
    expect(log).toContain(`answered ${status}`);
    expect(exitCode).toBe(0);
  });

  it.each([
    ["sending a file", "POST /files/ying_bookworm_N"],
    ["adding it to the repository", "POST /repos/infraN_bookworm/file/ying_bookworm_N"],
    ["publishing", "PUT /publish/trunk__N/bookworm"],
  ])("is not confused when the answer to %s is lost", async (_call, call) => {
    aptly.front.loseAnswerTo = call.replaceAll("N", `${number}`);
    const { exitCode, log } = await upload();
    expect(log).toContain("got no whole answer");
    expect(exitCode, log).toBe(0);
    expect(await packages()).toHaveLength(1);
  });

  it("gives up after five tries", async () => {
    aptly.front.requests.length = 0;
    aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 503 } : undefined;
    const { exitCode } = await upload();
    expect(exitCode).not.toBe(0);
    expect(aptly.front.requests.filter((call) => call.startsWith("PUT"))).toHaveLength(5);
  });

  it("does not try again after a refusal", async () => {
    aptly.front.requests.length = 0;
    aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 500 } : undefined;
    const { exitCode, log } = await upload();
    expect(log).toMatch(/PUT .* answered 500/);
    expect(exitCode).toBe(1);
    expect(aptly.front.requests.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  it("fails when the key to sign with is not there", async () => {
    const { exitCode, log } = await upload({ PUBLISH_SIGNING_KEY: "0".repeat(40) });
    expect(log).toMatch(/PUT .* answered 500/);
    expect(exitCode).toBe(1);
  });

  it("fails when the published index does not list the package", async () => {
    aptly.front.meddle = async (call) =>
      call.startsWith("PUT /publish") ? { status: 200 } : undefined;
    const { exitCode, log } = await upload();
    expect(log).toMatch(
      /binary-amd64\/Packages should list ying 1\.2\.0-1~bookworm .* it has: nothing/,
    );
    expect(exitCode).toBe(1);
  });

  it.each([
    ["nothing", [], "it has: nothing"],
    ["another file", [{ SHA256: "0".repeat(64) }], `it has: ${"0".repeat(64)}`],
  ])("publishes nothing when the repository then holds %s", async (_case, body, words) => {
    aptly.front.requests.length = 0;
    aptly.front.meddle = async (call) =>
      call.startsWith("GET /repos") ? { status: 200, body } : undefined;
    const { exitCode, log } = await upload();
    expect(log).toContain(words);
    expect(exitCode).toBe(1);
    expect(aptly.front.requests.filter((call) => call.startsWith("PUT"))).toEqual([]);
  });

  it("publishes a package for every architecture", async () => {
    await buildDebianFile(job.path, "whatever.deb", { ...deb, architecture: "all" });
    await collect();
    expect((await upload()).log).toMatch(/published ying 1\.2\.0-1~bookworm \(all, /);
  });

  async function collect() {
    const { exitCode, log } = await job.runWithoutCompiler("compile_on_bookworm");
    expect(exitCode, log).toBe(0);
  }

  const packages = () => aptly.raw<string[]>("GET", `/repos/infra${number}_bookworm/packages`);

  async function createPublication(name: string, prefix: string) {
    await aptly.raw("POST", "/repos", { Name: name });
    await aptly.raw("POST", `/publish/${prefix.replaceAll("_", "__")}`, {
      SourceKind: "local",
      Sources: [{ Name: name, Component: "main" }],
      Distribution: "bookworm",
      Architectures: ["amd64"],
      Signing: { Batch: true, GpgKey: aptly.key },
    });
  }
});
