import "../toolchain/settled-environment.ts";
import { execa } from "execa";

const reporters = ["--reporter=default", "--reporter=./test/summary.ts"];

/**
 * The lint and every test. The tests run after a failed lint too, and come last, so that the command
 * always ends with their counts.
 */
async function runAll(): Promise<boolean> {
  const lint = await succeeds("npm", ["run", "lint", "--silent"]);
  const env = { TRUNKLINE_LINT: lint ? "passed" : "failed" };
  const tests = await succeeds("vitest", ["run", ...reporters, ...process.argv.slice(2)], env);
  return lint && tests;
}

async function succeeds(command: string, list: readonly string[], env = {}): Promise<boolean> {
  const { exitCode } = await execa(command, list, { env, stdio: "inherit", reject: false });
  return exitCode === 0;
}

if (!(await runAll())) process.exitCode = 1;
