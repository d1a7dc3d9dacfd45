import { createHash } from "node:crypto";
import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { ensureGo, type InstalledGo, requireGo } from "./go-command.ts";
import { repository, type ToolchainPaths } from "./paths.ts";
import type { Step } from "./step.ts";
import { ToolchainError } from "./toolchain-error.ts";
import type { Tool } from "./tools.ts";

/** A hash of all that decides what the build of a tool gives. */
export async function toolFingerprint(tool: Tool, root = repository): Promise<string> {
  const folder = join(root, "toolchain", tool.folder);
  const names = await readdir(folder, { recursive: true });
  const sources = names.filter((name) => /(^|\/)go\.(mod|sum)$|\.go$/.test(name));
  const hash = createHash("sha256").update(JSON.stringify(buildArguments(tool)));
  for (const name of sources.sort()) hash.update(await readFile(join(folder, name)));
  return hash.digest("hex");
}

/** Whether `.toolchain` holds the tool as its pins stand now. */
export async function isBuilt(tool: Tool, paths: ToolchainPaths): Promise<boolean> {
  const [stamp, binary] = await Promise.allSettled([
    readFile(join(paths.stamps, tool.name), "utf8"),
    access(executablePath(tool, paths)),
  ]);
  if (stamp.status === "rejected" || binary.status === "rejected") return false;
  return stamp.value === (await toolFingerprint(tool));
}

/** Where a built tool lies. */
function executablePath(tool: Tool, paths: ToolchainPaths): string {
  return join(paths.root, tool.into ?? "bin", tool.name);
}

/**
 * Builds a tool into `.toolchain`.
 * @throws ToolchainError `missing-command` without a Go that can begin, `step-failed` when the build fails.
 */
export async function buildTool(
  tool: Tool,
  paths: ToolchainPaths,
  path: string,
  step: Step,
): Promise<void> {
  const installed = await requireGoFor(tool, path, step);
  const output = executablePath(tool, paths);
  await mkdir(dirname(output), { recursive: true });
  await mkdir(paths.stamps, { recursive: true });
  await step.run(tool.name, async (log) => {
    const go = await ensureGo(installed, paths, log);
    await execa(go, [...buildArguments(tool), "-o", output, tool.package], {
      cwd: join(repository, "toolchain", tool.folder),
      env: {
        PATH: path,
        CGO_ENABLED: "0",
        GOFLAGS: "-mod=readonly -buildvcs=false",
        // Some installations set Go to stay at its own version, which may be older than a go.mod wants.
        GOTOOLCHAIN: "auto",
      },
      stdout: log,
      stderr: log,
    });
  });
  await writeFile(join(paths.stamps, tool.name), await toolFingerprint(tool));
}

async function requireGoFor(tool: Tool, path: string, step: Step): Promise<InstalledGo> {
  try {
    return await requireGo(path);
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    step.missing();
    const other = tool.versionArguments === undefined ? "" : ` Or install ${tool.name} itself.`;
    throw new ToolchainError(
      error.code,
      `toolchain: ${tool.name} ${tool.version} has to be built, and ${error.message}${other}`,
    );
  }
}

function buildArguments(tool: Tool): string[] {
  const variables = (tool.variables ?? []).map((variable) => `-X ${variable}`);
  return ["build", "-trimpath", "-ldflags", ["-s -w", ...variables].join(" ")];
}
