import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, it, onTestFinished, vi } from "vitest";

const plugin = join(import.meta.dirname, "../gitlab/main.ts");

it("ends what waits when the engine says that the update is cancelled", async () => {
  const calls: string[] = [];
  const busy = createServer(({ method, url }, response) => {
    calls.push(`${method} ${url}`);
    if (url === "/api/version") response.end('{"Version":"1.6.2"}');
    else response.writeHead(method === "GET" ? 404 : 429).end();
  });
  await new Promise<void>((resolve) => busy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void busy.close());
  const { port } = busy.address() as AddressInfo;
  const provider = await startAptly();

  const args = { url: `http://127.0.0.1:${port}/api` };
  await provider.call("configure", new proto.ConfigureRequest().setArgs(toStruct(args)));
  const creation = provider.call(
    "create",
    new proto.CreateRequest()
      .setType("aptly:index/localRepository:LocalRepository")
      .setName("infra")
      .setProperties(toStruct({ name: "infra" })),
  );
  creation.catch(() => undefined);
  await vi.waitFor(() => expect(calls).toContain("POST /api/repos?_async=1"), 10_000);
  await provider.call("cancel", new emptyProto.Empty());
  await expect(creation).rejects.toThrow(
    'LocalRepository "infra": stopped waiting for its turn at aptly: the update was cancelled. POST /repos was not done; run the same command again to go on.',
  );
});

/** aptly's plugin as a process, and its calls over gRPC. */
async function startAptly() {
  const main = join(import.meta.dirname, "../aptly/main.ts");
  const plugin = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void plugin.kill());
  const lines = createInterface(plugin.stdout)[Symbol.asyncIterator]();
  const address = `127.0.0.1:${(await lines.next()).value}`;
  const credentials = grpc.credentials.createInsecure();
  const client = new providerServices.ResourceProviderClient(address, credentials);
  onTestFinished(() => client.close());
  type Call = (request: unknown, callback: (error: Error | null) => void) => void;
  const calls = client as unknown as Record<string, Call>;
  return {
    call: (method: string, request: unknown) =>
      new Promise<void>((resolve, reject) => {
        calls[method]?.call(client, request, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

const toStruct = (values: Record<string, string>) => structProto.Struct.fromJavaScript(values);

it("prints its port, and leaves when the engine that started it is killed", async () => {
  const start = `import { spawn } from "node:child_process";
    const plugin = spawn(process.execPath, [${JSON.stringify(plugin)}], { stdio: ["ignore", "pipe", "inherit"] });
    process.stdout.write(plugin.pid + "\\n");
    plugin.stdout.pipe(process.stdout);`;
  const engine = spawn(process.execPath, ["--input-type=module", "--eval", start]);
  const lines = createInterface(engine.stdout)[Symbol.asyncIterator]();
  const pid = Number((await lines.next()).value);
  const port = Number((await lines.next()).value);
  expect(port).toBeGreaterThan(0);
  engine.kill("SIGKILL");
  await once(engine, "exit");
  while (await isRunning(pid)) await setTimeout(50);
});

function isRunning(pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "stat=", "-p", String(pid)], (_, stdout) => {
      resolve(stdout.trim() !== "" && !stdout.startsWith("Z"));
    });
  });
}
