import { access, chmod, constants, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildTool } from "./go-build.ts";
import { ensureGo, fetchedGo, requireGo } from "./go-command.ts";
import { isAtLeast } from "./installed-version.ts";
import { repository, toolchainPaths } from "./paths.ts";
import { Step } from "./step.ts";
import { tools } from "./tools.ts";

test("the Go that is fetched is as new as each go.mod wants", async () => {
  for (const { folder } of tools) {
    const module = await readFile(join(repository, "toolchain", folder, "go.mod"), "utf8");
    const wanted = /^go (\S+)$/m.exec(module)?.[1] ?? "none";
    expect(isAtLeast(fetchedGo, wanted), `${folder} wants ${wanted}`).toBe(true);
  }
});

test("a Go that is too old is refused with its version and the one that is needed", async () => {
  const folder = await folderWithGo("1.18.1");
  await expect(requireGo(folder)).rejects.toMatchObject({
    code: "missing-command",
    message: expect.stringMatching(/^go 1\.18\.1 in \S+ is too old\. Install Go 1\.19 or newer/),
  });
});

test("a Go that can switch is used as it is, and is allowed to", async () => {
  const folder = await folderWithGo("1.24.4");
  const [tool] = tools;
  if (tool === undefined) throw new Error("the table of tools is empty");
  const paths = toolchainPaths({ TRUNKLINE_TOOLCHAIN_DIR: join(folder, "toolchain") });
  const quiet = { write: () => true } as unknown as NodeJS.WritableStream;
  await buildTool(tool, paths, folder, new Step("tool", paths.logs, quiet));
  expect(await readFile(join(folder, "calls"), "utf8")).toMatch(/^auto build /m);
});

test("an older Go fetches a newer one, once, and that one can be run", async () => {
  const folder = await folderWithGo("1.19.8");
  const paths = toolchainPaths({ TRUNKLINE_TOOLCHAIN_DIR: join(folder, "toolchain") });
  const log = { file: join(folder, "log") };
  const file = await ensureGo(await requireGo(folder), paths, log);
  expect(file).toBe(await ensureGo(await requireGo(folder), paths, log));
  expect(file).toContain(`toolchain@v0.0.1-go${fetchedGo}.linux-amd64/bin/go`);
  for (const program of [file, join(file, "../../pkg/tool/linux_amd64/compile")]) {
    await access(program, constants.X_OK);
  }
  expect(await readFile(join(file, "../../src/go.mod"), "utf8")).toBe("module std\n");
  const calls = await readFile(join(folder, "calls"), "utf8");
  expect(calls.match(/mod download/g)).toHaveLength(1);
});

/** A folder with a go that notes its calls and downloads like the real one: nothing is executable. */
async function folderWithGo(version: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = `#!/bin/sh
PATH=/usr/bin:/bin
echo "$GOTOOLCHAIN $*" >>${folder}/calls
case $1 in
  version) echo "go version go${version} linux/amd64" ;;
  env) printf 'linux\\namd64\\n' ;;
  mod)
    module=$GOMODCACHE/$4
    mkdir -p "$module/bin" "$module/pkg/tool/linux_amd64" "$module/src"
    echo 'module std' >"$module/src/_go.mod"
    touch "$module/bin/go" "$module/pkg/tool/linux_amd64/compile"
    ;;
esac
`;
  await writeFile(join(folder, "go"), script);
  await chmod(join(folder, "go"), 0o755);
  return folder;
}
