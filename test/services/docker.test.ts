import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { dockerService } from "../../sandbox/services/docker.ts";
import { longestRoot, sandboxLayout } from "../../sandbox/services/layout.ts";
import { temporaryFolder } from "./sandbox-for-test.ts";

/** https://docs.docker.com/engine/containers/run/#exit-status */
const commandNotFound = 127;

test("the sandbox's Docker engine starts containers in the deepest folder, stops, and leaves nothing that cannot be removed", async ({
  skip,
}) => {
  skip(!(await mayRunContainers()), "this user may not start containers (CAP_SYS_ADMIN)");
  const prefix = join(tmpdir(), "trunkline-");
  const folder = await mkdtemp(prefix.padEnd(longestRoot - "XXXXXX".length, "x"));
  const layout = sandboxLayout(folder);
  const docker = dockerService(layout);
  try {
    await docker.start();
    const env = { DOCKER_HOST: `unix://${layout.dockerSocket}` };
    await execa("docker", ["import", "-", "empty"], { env, input: Buffer.alloc(10_240) });
    const list = ["run", "--network", "host", "empty", "/no-such-program"];
    const { exitCode } = await execa("docker", list, { env, reject: false });
    expect(exitCode).toBe(commandNotFound);
  } finally {
    await docker.stop();
  }
  expect(await docker.status()).toMatchObject({ state: "stopped" });
  await rm(folder, { recursive: true });
  await expect(stat(layout.dockerRuntime)).rejects.toMatchObject({ code: "ENOENT" });
});

test("without the privilege, one sentence says what to do", async () => {
  const layout = sandboxLayout(await temporaryFolder());
  const docker = dockerService(layout, () => Promise.resolve("CapEff:\t00000000a80425fb\n"));
  await expect(docker.start()).rejects.toMatchObject({
    code: "no-privilege",
    message: expect.stringContaining("Start Docker"),
  });
});
