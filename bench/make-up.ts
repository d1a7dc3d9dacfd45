import { execa } from "execa";
import { repository } from "../toolchain/paths.ts";
import { print, time } from "./print.ts";

/** From the command to the applied dev stack of the sandbox, when everything is set up and unchanged. */
export async function benchMakeUp(): Promise<void> {
  const makeUp = () => execa("make", ["up"], { cwd: repository });
  await makeUp();
  print(`make up on a set-up machine: ${(await time(makeUp)).toFixed(1)} s`);
  print();
}
