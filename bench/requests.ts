import { devConfiguration, EngineStack, type Outcome } from "../test/support/engine-stack.ts";
import { type Servers, startServers } from "../test/support/servers.ts";
import { clockEnvironment, measure, withClocks } from "./cpu-split.ts";
import { print } from "./print.ts";
import { type Requests, takeRequests } from "./request-counts.ts";

const projects = 50;
const commands = ["preview", "up", "refresh"] as const;

/** What Pulumi's commands ask of GitLab and aptly, and whose the CPU time of an unchanged one is. */
export async function benchRequests(): Promise<void> {
  await benchStack("the dev stack", await devConfiguration());
  await benchStack(`a stack of ${projects} projects`, await generatedConfiguration());
}

async function benchStack(title: string, configuration: Record<string, unknown>): Promise<void> {
  const servers = await startServers({ deletesAtOnce: true });
  try {
    await withClocks(async (folder) => {
      const environment = { ...servers.environment, ...clockEnvironment(folder) };
      const stack = await EngineStack.create({ environment, configuration });
      try {
        print(`${title}`);
        await benchCommands(stack, servers, folder);
      } finally {
        await stack.remove();
      }
    });
  } finally {
    await servers.stop();
  }
}

async function benchCommands(stack: EngineStack, servers: Servers, folder: string): Promise<void> {
  takeRequests(servers);
  succeed(await stack.up());
  printRequests("first up", takeRequests(servers));
  for (const command of commands) {
    const split = await measure(folder, async () => succeed(await stack[command]()));
    printRequests(`unchanged ${command}`, takeRequests(servers));
    const cpu = split.engine + split.program + split.plugins;
    const share = (seconds: number) => `${Math.round((100 * seconds) / cpu)} %`;
    print(
      `    ${split.wall.toFixed(1)} s; CPU: engine ${share(split.engine)}, program ${share(split.program)}, plugins ${share(split.plugins)} of ${cpu.toFixed(1)} s`,
    );
  }
  print();
}

function printRequests(what: string, { total, byRoute }: Requests): void {
  print(`  ${what}: ${total} requests`);
  for (const [route, count] of byRoute) print(`    ${String(count).padStart(5)}  ${route}`);
}

function succeed({ succeeded, text }: Outcome): void {
  if (!succeeded) throw new Error(text);
}

/** The dev stack's shape with many packages, each with two variables of its own. */
async function generatedConfiguration(): Promise<Record<string, unknown>> {
  const packages = Array.from({ length: projects }, (_, index) => [
    `package-${index + 1}`,
    { distributions: ["bookworm", "trixie"], variables: { FIRST: "1", SECOND: "2" } },
  ]);
  return { ...(await devConfiguration()), "trunkline:packages": Object.fromEntries(packages) };
}
