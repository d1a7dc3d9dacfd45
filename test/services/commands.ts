import { execa, type Options } from "execa";
import { toolchainPath } from "../../toolchain/paths.ts";

/** Runs a program from the toolchain or the machine and gives what it printed. */
export async function run(
  command: string,
  list: readonly string[],
  options: Options = {},
): Promise<string> {
  const env = { PATH: toolchainPath(), ...options.env };
  const { stdout } = await execa(command, list, { ...options, env });
  return String(stdout);
}
