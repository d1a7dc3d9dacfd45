import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { createMachines } from "../../support/machines.ts";
import { useUploadScene } from "../../support/upload-scene.ts";

const version = "1.2.0-1~bookworm";
const ying = { package: "ying", version, content: "a" };
const data = { package: "ying-data", version, architecture: "all", content: "a" };

describeEveryAptly("An upload job of two architectures", (binary) => {
  const scene = useUploadScene(binary, {
    architectures: [
      { name: "amd64", tags: [] },
      { name: "arm64", tags: [] },
    ],
  });

  beforeEach(async () => {
    const machines = await createMachines(scene.job);
    const amd64 = { ...ying, architecture: "amd64" };
    const arm64 = { ...ying, architecture: "arm64" };
    await machines.compile("compile_on_bookworm", "amd64", [amd64, data]);
    await machines.compile("compile_on_bookworm_arm64", "arm64", [arm64, data]);
    await machines.bring();
  });

  const manifest = (architecture: string) =>
    join(scene.job.path, `packages/manifest.${architecture}`);

  async function listed(architecture: string): Promise<string[]> {
    const path = `trunk_${scene.number}/dists/bookworm/main/binary-${architecture}/Packages`;
    const index = await readFile(join(scene.aptly.published, path), "utf8");
    const files = [...index.matchAll(/^Filename: .*\/(.*)$/gm)].map(([, file]) => file ?? "");
    return files.sort();
  }

  it("publishes both at once, and what is for all in both", async () => {
    scene.aptly.front.requests.length = 0;
    const { exitCode, log } = await scene.upload();
    expect(exitCode, log).toBe(0);
    expect(log.match(/^published .*/gm)).toHaveLength(3);
    const all = `ying-data_${version}_all.deb`;
    expect(await listed("amd64")).toEqual([all, `ying_${version}_amd64.deb`]);
    expect(await listed("arm64")).toEqual([all, `ying_${version}_arm64.deb`]);
    const calls = scene.aptly.front.requests.filter((call) => call.startsWith("PUT /publish"));
    expect(calls).toHaveLength(1);
  });

  it("says that nothing is new when it runs again", async () => {
    await scene.upload();
    const { exitCode, log } = await scene.upload();
    expect(exitCode, log).toBe(0);
    expect(log.match(/^already published .*/gm)).toHaveLength(3);
  });

  it("uploads nothing while one architecture's packages are missing", async () => {
    await rm(manifest("arm64"));
    const { exitCode, log } = await scene.upload();
    expect(log).toContain("packages/manifest.arm64 is missing or empty: run the compile job");
    expect(exitCode).toBe(1);
    expect(await scene.packages()).toEqual([]);
  });

  it("refuses a file that both hand over", async () => {
    const [line] = (await readFile(manifest("amd64"), "utf8")).split("\n");
    await appendFile(manifest("arm64"), `${line}\n`);
    const { exitCode, log } = await scene.upload();
    expect(log).toContain(`several compile jobs hand over ying-data_${version}_all.deb`);
    expect(exitCode).toBe(1);
  });
});
