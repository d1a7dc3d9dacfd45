import "../../toolchain/settled-environment.ts";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { runCommand } from "../services/command-line.ts";
import { sandboxLayout } from "../services/layout.ts";
import { readPorts } from "../services/ports.ts";
import {
  listServices,
  sandboxDirectory,
  sandboxEnvironment,
  startSandbox,
  stopAll,
} from "../services/sandbox.ts";

const directory = sandboxDirectory();
const commands = { start, stop, status, env, reset };

async function start(): Promise<void> {
  let before = performance.now();
  await startSandbox({
    directory,
    ports: readPorts(),
    report(name, sentence) {
      const seconds = ((performance.now() - before) / 1000).toFixed(1);
      before = performance.now();
      print(`sandbox: ${name} ... ${sentence} (${seconds} s)`);
    },
  });
}

async function stop(): Promise<void> {
  await stopServices();
  if (existsSync(directory)) print(`sandbox: data, logs and credentials stay in ${directory}`);
}

/** Ends what runs and tells what that was. */
async function stopServices(): Promise<void> {
  const services = listServices({ directory, ports: readPorts() });
  const running: string[] = [];
  for (const service of services) {
    // Images are no process: they lie in the registry.
    if (service.name === "base-images") continue;
    if ((await service.status()).state === "running") running.push(service.name);
  }
  await stopAll(services);
  const what = running.length > 0 ? `stopped ${running.join(", ")}` : "nothing was running";
  print(`sandbox: ${what}`);
}

async function status(): Promise<void> {
  for (const service of listServices({ directory, ports: readPorts() })) {
    const { state, detail } = await service.status();
    print(`${service.name.padEnd(12)} ${state.padEnd(12)} ${detail}`);
  }
}

async function env(): Promise<void> {
  const variables = await sandboxEnvironment(sandboxLayout(directory), readPorts());
  for (const [name, value] of Object.entries(variables)) print(`${name}=${value}`);
}

async function reset(): Promise<void> {
  await stopServices();
  await rm(directory, { recursive: true, force: true });
  print(`sandbox: removed ${directory}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runCommand(commands, process.argv[2]);
