import "../toolchain/settled-environment.ts";
import { toolchainPath } from "../toolchain/paths.ts";
import { benchMakeUp } from "./make-up.ts";
import { benchPipelines } from "./pipelines.ts";
import { benchRequests } from "./requests.ts";
import { benchShellFix } from "./shell-fix.ts";

/** Runs the named benchmark, or all of them. Nothing is written into the repository. */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  requests: benchRequests,
  "make-up": benchMakeUp,
  pipelines: benchPipelines,
  "shell-fix": benchShellFix,
};

async function run(name: string | undefined): Promise<void> {
  if (name !== undefined && !Object.hasOwn(benchmarks, name)) {
    const names = Object.keys(benchmarks).join(", ");
    process.stderr.write(`bench: there is no benchmark "${name}". Take one of ${names}.\n`);
    process.exitCode = 1;
    return;
  }
  for (const [key, bench] of Object.entries(benchmarks)) {
    if (name === undefined || name === key) await bench();
  }
}

// Pulumi's Automation API looks for the CLI on the PATH of its own process.
process.env.PATH = toolchainPath();
await run(process.argv[2]);
