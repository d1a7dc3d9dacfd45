import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildTool, toolFingerprint } from "./go-build.ts";
import { repository, toolchainPaths } from "./paths.ts";
import { Step } from "./step.ts";
import { type Tool, tools } from "./tools.ts";

const quiet = { write: () => true } as unknown as NodeJS.WritableStream;

test("each tool has its own name and a module whose version it pins", async () => {
  expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  for (const { folder, version } of tools) {
    const module = await readFile(join(repository, "toolchain", folder, "go.mod"), "utf8");
    expect(module).toContain(` v${version}\n`);
  }
});

test.each(["go.mod", "go.sum", "main.go"])(
  "a changed %s makes a new build necessary",
  async (file) => {
    const root = await temporaryFolder();
    const tool = sdkgen();
    await cp(join(repository, "toolchain/sdkgen"), join(root, "toolchain/sdkgen"), {
      recursive: true,
    });
    const before = await toolFingerprint(tool, root);
    expect(await toolFingerprint(tool, root)).toBe(before);
    await writeFile(join(root, "toolchain/sdkgen", file), "\n");
    expect(await toolFingerprint(tool, root)).not.toBe(before);
  },
);

test("a changed file of a module inside a tool's folder makes a new build necessary", async () => {
  const root = await temporaryFolder();
  const tool = sdkgen();
  const module = join(root, "toolchain/sdkgen/standins/moa");
  await mkdir(module, { recursive: true });
  await writeFile(join(module, "go.mod"), "module moa\n");
  const before = await toolFingerprint(tool, root);
  await writeFile(join(module, "go.mod"), "module other\n");
  expect(await toolFingerprint(tool, root)).not.toBe(before);
});

test("a changed linker setting makes a new build necessary", async () => {
  const tool = sdkgen();
  const changed = { ...tool, variables: ["main.x=1"] };
  expect(await toolFingerprint(changed)).not.toBe(await toolFingerprint(tool));
});

test("a build without Go says what to install", async () => {
  const folder = await temporaryFolder();
  const paths = toolchainPaths({ TRUNKLINE_TOOLCHAIN_DIR: folder });
  const build = buildTool(sdkgen(), paths, folder, new Step("sdkgen", paths.logs, quiet));
  await expect(build).rejects.toMatchObject({ code: "missing-command" });
});

test("a step that fails names its log", async () => {
  const folder = await temporaryFolder();
  const step = new Step("sdkgen", folder, quiet);
  const run = step.run("sdkgen", () => Promise.reject(new Error("exit code 1")));
  await expect(run).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringContaining(join(folder, "sdkgen.log")),
  });
});

function sdkgen(): Tool {
  const tool = tools.find(({ name }) => name === "sdkgen");
  if (tool === undefined) throw new Error("the table of tools has no sdkgen");
  return tool;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
