import "./settled-environment.ts";
import { findMissingPackages, installPackages } from "./debian-packages.ts";
import { buildTool, isBuilt } from "./go-build.ts";
import { findInstalled } from "./installed-version.ts";
import { foreignPath, toolchainPath, toolchainPaths } from "./paths.ts";
import { Step } from "./step.ts";
import { ToolchainError } from "./toolchain-error.ts";
import { findPurpose, type Purpose, provides, type Tool, tools } from "./tools.ts";

/**
 * Provides everything that a purpose needs and that the machine lacks.
 * @param names The tools to provide. Default: all that the purpose needs.
 * @throws ToolchainError when a step fails or the user has to install something.
 */
async function setUp(purpose: Purpose, names: readonly string[] = []): Promise<void> {
  await providePackages(purpose);
  for (const tool of tools) {
    if (!provides(purpose, tool.purpose)) continue;
    if (names.length === 0 || names.includes(tool.name)) await provideTool(tool);
  }
}

async function providePackages(purpose: Purpose): Promise<void> {
  const step = new Step("Debian packages", toolchainPaths().logs);
  const missing = await findMissingPackages(purpose);
  if (missing.length === 0) return step.found();
  await installPackages(missing, step);
}

async function provideTool(tool: Tool): Promise<void> {
  const paths = toolchainPaths();
  const step = new Step(`${tool.name} ${tool.version}`, paths.logs);
  if (await isBuilt(tool, paths)) return step.found();
  const installed = await findInstalled(tool, foreignPath());
  if (installed !== undefined) return step.found(`${installed.version} in ${installed.file}`);
  await buildTool(tool, paths, toolchainPath(), step);
}

if (import.meta.main) {
  try {
    await setUp(findPurpose(process.argv[2]) ?? "run", process.argv.slice(3));
  } catch (error) {
    if (!(error instanceof ToolchainError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
