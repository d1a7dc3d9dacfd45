import { appendFile, cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { gitlabService } from "../../sandbox/services/gitlab.ts";
import { sandboxLayout } from "../../sandbox/services/layout.ts";
import { findFreePorts } from "../../sandbox/services/ports.ts";
import {
  listServices,
  type ServiceName,
  startSandbox,
  stopAll,
} from "../../sandbox/services/sandbox.ts";
import { repository } from "../../toolchain/paths.ts";
import { startForTest, temporaryFolder } from "./sandbox-for-test.ts";

describe.each<ServiceName>(["gitlab", "aptly", "nginx", "registry"])("%s", (name) => {
  test("runs after start, is left alone by a second start, and is gone after stop", async () => {
    const directory = await temporaryFolder();
    const ports = await findFreePorts();
    const sandbox = await startForTest({ directory, ports, services: [name] });
    const [service] = listServices({ directory, ports, services: [name] });
    expect(await service?.status()).toMatchObject({ state: "running" });
    const before = await readPid(directory, name);
    await service?.start();
    expect(await readPid(directory, name)).toBe(before);
    await sandbox.stop();
    expect(await service?.status()).toMatchObject({ state: "stopped" });
    expect(() => process.kill(before, 0)).toThrow("ESRCH");
  });
});

test("a service whose configuration changed is started anew, and its line says so", async () => {
  const directory = await temporaryFolder();
  const [ports, moved] = [await findFreePorts(), await findFreePorts()];
  const lines: string[] = [];
  const report = (name: string, sentence: string) => void lines.push(`${name}: ${sentence}`);
  const services = ["registry"] as const;
  await startForTest({ directory, ports, services, report });
  const before = await readPid(directory, "registry");
  await startForTest({ directory, ports: moved, services, report });
  expect(() => process.kill(before, 0)).toThrow("ESRCH");
  expect(lines).toEqual([
    `registry: 127.0.0.1:${ports.registry}`,
    expect.stringContaining(`registry: 127.0.0.1:${moved.registry}, restarted`),
  ]);
});

test("GitLab is started anew when the server's code is another", async () => {
  const directory = await temporaryFolder();
  const ports = await findFreePorts();
  const code = await copyOfSandbox();
  const start = () => gitlabService(sandboxLayout(directory), ports, code).start();
  onTestFinished(() => stopAll(listServices({ directory, ports, services: ["gitlab"] })));
  expect(await start()).toBe("started");
  expect(await start()).toBe("left-alone");
  await appendFile(`${code}/app.ts`, "// another line\n");
  expect(await start()).toBe("restarted");
});

test("GitLab answers its administrator's token", async () => {
  const { env } = await startForTest({ services: ["gitlab"] });
  const response = await fetch(new URL("user", env.GITLAB_BASE_URL), {
    headers: { "PRIVATE-TOKEN": env.GITLAB_TOKEN ?? "" },
  });
  expect(await response.json()).toMatchObject({ username: "root" });
});

test("a port in use names the variable that moves the service, and leaves nothing running", async () => {
  const directory = await temporaryFolder();
  const ports = await findFreePorts();
  await occupy(ports.registry);
  const services = ["gitlab", "registry"] as const;
  const started = startSandbox({ directory, ports, services });
  await expect(started).rejects.toMatchObject({
    code: "port-in-use",
    message: expect.stringContaining("TRUNKLINE_REGISTRY_PORT"),
  });
  for (const service of listServices({ directory, ports, services })) {
    expect(await service.status()).toMatchObject({ state: "stopped" });
  }
});

test("a program that ends at once is reported with its log", async () => {
  const started = startForTest({ services: ["aptly"], aptlyCommand: "false" });
  await expect(started).rejects.toMatchObject({
    code: "start-failed",
    message: expect.stringContaining("logs/aptly.log"),
  });
});

test("a program that is not installed is named", async () => {
  const started = startForTest({ services: ["aptly"], aptlyCommand: "no-such-aptly" });
  await expect(started).rejects.toMatchObject({
    code: "missing-command",
    message: expect.stringContaining("no-such-aptly"),
  });
});

test("a folder too deep for sockets is refused before anything starts", async () => {
  const directory = `/tmp/${"deep/".repeat(20)}`;
  const started = startSandbox({ directory, ports: "free", services: ["aptly"] });
  await expect(started).rejects.toMatchObject({ code: "path-too-long" });
});

test("a sandbox that was never started can be stopped where nothing is installed", async () => {
  const directory = await temporaryFolder();
  vi.stubEnv("PATH", directory);
  onTestFinished(() => void vi.unstubAllEnvs());
  await stopAll(listServices({ directory, ports: await findFreePorts() }));
  expect(await readdir(directory)).toEqual([]);
});

/** The server's sources, beside the modules that they import. */
async function copyOfSandbox(): Promise<string> {
  const root = await temporaryFolder();
  for (const folder of ["sandbox", "toolchain"]) {
    await cp(join(repository, folder), join(root, folder), { recursive: true });
  }
  await symlink(join(repository, "node_modules"), join(root, "node_modules"));
  await writeFile(join(root, "package.json"), '{ "type": "module" }');
  return join(root, "sandbox/gitlab");
}

async function readPid(directory: string, name: string): Promise<number> {
  const record = JSON.parse(await readFile(`${directory}/pids/${name}.json`, "utf8"));
  return (record as { pid: number }).pid;
}

async function occupy(port: number): Promise<void> {
  const server = createServer((connection) => connection.destroy());
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((closed) => server.close(() => closed())));
}
