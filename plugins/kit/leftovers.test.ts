import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { endLeftovers } from "./leftovers.ts";

const home = "/tmp/trunkline-leftovers";

it.runIf(process.platform === "linux")(
  "are the language hosts and programs of this PULUMI_HOME whose engine is gone",
  async () => {
    vi.stubEnv("PULUMI_HOME", home);
    onTestFinished(() => void vi.unstubAllEnvs());
    const [alive, gone] = [await listen(), await listen()];
    gone.server.close();
    await once(gone.server, "close");

    const program = ["/modules/@pulumi/pulumi/cmd/run/index.js", "--engine"];
    const leftovers = [await start([gone.address]), await start([...program, gone.address, "."])];
    const others = [
      await start([alive.address]),
      await start([...program, alive.address, "."]),
      await start([gone.address], "/home/another/.pulumi"),
      await start(["no-address"]),
    ];
    await endLeftovers();
    for (const each of leftovers)
      if (each.exitCode === null && !each.signalCode) await once(each, "exit");
    expect(leftovers.map(({ signalCode }) => signalCode)).toEqual(["SIGKILL", "SIGKILL"]);
    expect(others.filter((each) => each.exitCode !== null || each.signalCode)).toEqual([]);
  },
);

async function listen() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { server, address: `127.0.0.1:${address.port}` };
}

/** A process that goes by the language host's name; with a program's words it is one of those as well. */
async function start(words: string[], PULUMI_HOME = home): Promise<ChildProcess> {
  const isProgram = words.length > 1;
  const idle = ["--eval", "console.log(1); setInterval(() => undefined, 1000)", "--"];
  const child = spawn(process.execPath, [...idle, ...words], {
    argv0: isProgram ? "node" : "/opt/pulumi-language-nodejs",
    env: { PULUMI_HOME },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}
