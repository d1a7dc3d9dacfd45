import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../../toolchain/paths.ts";
import { readUploads } from "./uploads.ts";

const goldens = join(repository, "test/golden/pipeline");
const sha256 = "0".repeat(64);

/** The finished pipeline of an agreed file, whose named jobs made a package each. */
async function finish(
  golden: string,
  jobs: readonly string[],
  manifest: (job: string) => string = () => "manifest",
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-uploads-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(goldens, golden, ".gitlab-ci.yml"), join(folder, ".gitlab-ci.yml"));
  for (const job of jobs) {
    await mkdir(join(folder, job, "packages"), { recursive: true });
    const line = `${sha256} 7 ${job}.deb ${job} 1.0 amd64\n`;
    await writeFile(join(folder, job, "packages", manifest(job)), line);
  }
  return folder;
}

test.each([
  ["tested", ["compile_on_bookworm", "compile_on_trixie"]],
  ["built-once", ["compile_for_all", "compile_for_all"]],
])("the uploads of %s are those of its upload jobs", async (golden, sources) => {
  const folder = await finish(golden, sources);
  const uploads = await readUploads(folder, folder);
  expect(uploads.map(({ codename, packages }) => [codename, packages[0]?.package])).toEqual([
    ["bookworm", sources[0]],
    ["trixie", sources[1]],
  ]);
  expect(uploads[0]).toMatchObject({ prefix: "trunk", component: "main" });
});

test("an upload has the packages of every architecture", async () => {
  const jobs = ["bookworm", "trixie"].flatMap((codename) => [
    `compile_on_${codename}`,
    `compile_on_${codename}_arm64`,
  ]);
  const folder = await finish("two-architectures", jobs, (job) =>
    job.endsWith("_arm64") ? "manifest.arm64" : "manifest.amd64",
  );
  const [, trixie] = await readUploads(folder, folder);
  expect(trixie?.packages.map((each) => each.package)).toEqual(jobs.slice(2));
});
