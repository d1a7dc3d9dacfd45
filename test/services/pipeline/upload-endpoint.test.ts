import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { toAptlyPrefix } from "../../../validation/publish-prefix.ts";
import { type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { type FileServer, serveFiles } from "../../support/file-server.ts";
import { buildDebianFile, createJobDirectory } from "../../support/pipeline-job.ts";
import { deb } from "../../support/upload-scene.ts";

const token = "aptly:index/publication:Publication";

describeEveryAptly("An upload to a file system that is an endpoint", (binary) => {
  let aptly: AptlyScene;
  let files: FileServer;

  beforeAll(async () => {
    aptly = await startAptly(binary);
  });
  afterAll(async () => {
    await files?.stop();
    await aptly?.stop();
  });

  it.each([
    ["filesystem:disk:my_trunk/a", "my_trunk/a", "below"],
    ["filesystem:disk:", "", "root"],
  ])("is published there by the prefix %s, and found again", async (prefix, path, repository) => {
    await aptly.raw("POST", "/repos", { Name: `${repository}_bookworm` });
    const wanted = {
      prefix: toAptlyPrefix(prefix),
      distribution: "bookworm",
      sources: [{ name: `${repository}_bookworm`, component: "main" }],
      architectures: ["amd64"],
      origin: "Infra",
      label: "Infra's packages",
      notAutomatic: true,
      butAutomaticUpgrades: true,
      signing: { gpgKey: aptly.key },
    };
    const stored = await aptly.engine.create(token, repository, wanted);
    files ??= await serveFiles(aptly.disk);

    for (const words of ["published", "already published"]) {
      const { exitCode, log } = await upload(prefix, repository);
      expect(log).toMatch(new RegExp(`^${words} ying 1.2.0-1~bookworm`, "m"));
      expect(exitCode, log).toBe(0);
    }

    const release = await read(`${path}/dists/bookworm/Release`);
    expect(release).toMatch(/^Origin: Infra$/m);
    expect(release).toMatch(/^Label: Infra's packages$/m);
    expect(release).toMatch(/^Suite: bookworm$/m);
    expect(release).toMatch(/^NotAutomatic: yes$/m);
    expect(release).toMatch(/^ButAutomaticUpgrades: yes$/m);
    expect(release).toMatch(/^Acquire-By-Hash: yes$/m);
    const [, sum] = / ([0-9a-f]{64}) +\d+ main\/binary-amd64\/Packages\n/.exec(release) ?? [];
    const byHash = `${path}/dists/bookworm/main/binary-amd64/by-hash/SHA256/${sum}`;
    expect(await read(byHash)).toContain("Package: ying\n");

    const refreshed = await aptly.engine.refresh(stored);
    if (!refreshed) throw new Error("gone");
    expect((await aptly.engine.preview(refreshed, wanted)).step).toBe("same");
  });

  async function upload(prefix: string, repository: string) {
    const job = await createJobDirectory(
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
    onTestFinished(() => job.remove());
    await buildDebianFile(job.path, "built.deb", deb);
    await job.runWithoutCompiler("compile_on_bookworm");
    const { url, username, password } = aptly.front.configuration;
    return job.run("upload_on_bookworm", {
      APTLY_URL: url,
      APTLY_USERNAME: username,
      APTLY_PASSWORD: password,
      APT_URL: files.url,
      CI_JOB_ID: "1",
      RETRY_SECONDS: "0",
    });
  }

  async function read(path: string): Promise<string> {
    const answer = await fetch(new URL(path.replace(/^\//, ""), files.url));
    expect(answer.status, path).toBe(200);
    return answer.text();
  }
});
