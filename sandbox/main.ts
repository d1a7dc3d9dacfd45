import { rm } from "node:fs/promises";
import { sandboxLayout } from "./services/layout.ts";
import { readPorts } from "./services/ports.ts";
import {
  listServices,
  sandboxDirectory,
  sandboxEnvironment,
  startSandbox,
  stopAll,
} from "./services/sandbox.ts";
import { SandboxError } from "./services/sandbox-error.ts";

const directory = sandboxDirectory();
const ports = readPorts();
const commands: Record<string, () => Promise<void>> = { start, stop, status, env, reset };

async function start(): Promise<void> {
  let before = performance.now();
  await startSandbox({
    directory,
    ports,
    report(name, sentence) {
      const seconds = ((performance.now() - before) / 1000).toFixed(1);
      before = performance.now();
      print(`sandbox: ${name} ... ${sentence} (${seconds} s)`);
    },
  });
}

async function stop(): Promise<void> {
  await stopAll(listServices({ directory, ports }));
}

async function status(): Promise<void> {
  for (const service of listServices({ directory, ports })) {
    const { state, detail } = await service.status();
    print(`${service.name.padEnd(12)} ${state.padEnd(12)} ${detail}`);
  }
}

async function env(): Promise<void> {
  const variables = await sandboxEnvironment(sandboxLayout(directory), ports);
  for (const [name, value] of Object.entries(variables)) print(`${name}=${value}`);
}

async function reset(): Promise<void> {
  await stop();
  await rm(directory, { recursive: true, force: true });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const command = commands[process.argv[2] ?? ""];
if (command === undefined) {
  process.stderr.write(`usage: sandbox/main.ts ${Object.keys(commands).join("|")}\n`);
  process.exitCode = 2;
} else {
  await command().catch((error: unknown) => {
    if (!(error instanceof SandboxError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
