import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type HostScript, readHostScript } from "../../runner/host-script.ts";
import { renderRemoteCommand } from "../../runner/remote-command.ts";
import { findRunnerProgram } from "../../sandbox/run-pipeline/runner-process.ts";
import { Machine } from "../support/machine.ts";
import { addRunnerRepository, type RunnerRepository } from "../support/runner-repository.ts";
import { RunnerScene } from "../support/runner-scene.ts";

const service = "trunkline-runner-infra.service";
const config = "/etc/gitlab-runner/trunkline/infra.toml";
const unit = `/etc/systemd/system/${service}`;
const versions = ["17.0.0-1", "19.3.0-1", "19.4.0-1"];
const isRoot = process.getuid?.() === 0;

let folder: string;
let machine: Machine;
let repository: RunnerRepository;

beforeAll(async () => {
  if (!isRoot) return;
  folder = await mkdtemp(join(tmpdir(), "trunkline-machine-"));
  machine = await Machine.create(folder);
  repository = await addRunnerRepository(machine, folder, versions);
});
afterAll(async () => {
  if (isRoot) await rm(folder, { recursive: true, force: true });
});

function run(script: HostScript, words: readonly string[], input = "") {
  return machine.run(renderRemoteCommand(readHostScript(script), words, { sudo: false }), input);
}

function configure(input: string, { owner = "trunkline/prod", grace = "3600" } = {}) {
  return run("configure-runner", ["infra", owner, grace], input);
}

const installed = async () =>
  (await machine.run("dpkg -s gitlab-runner | sed -n 's/^Version: //p'")).stdout;

describe("a machine that is reached over SSH", () => {
  beforeEach(({ skip }) => skip(!isRoot, "this user is not root, as chroot wants"));

  test("is not configured before gitlab-runner is there, and says what to do", async () => {
    const { exitCode, stderr } = await configure("token = 1\n");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("let trunkline install it with package");
  });

  test("refuses a repository that is signed by another key", async () => {
    const other = await addRunnerRepository(machine, await mkdtemp(join(folder, "other-")), []);
    await addRunnerRepository(machine, await mkdtemp(join(folder, "own-")), ["19.4.0-1"]);
    const outcome = await run("install-runner", ["", other.line], other.key);
    expect(outcome.exitCode).not.toBe(0);
    expect(await installed()).toBe("");
    repository = await addRunnerRepository(machine, await mkdtemp(join(folder, "back-")), versions);
  });

  test("gets the version that is wanted, changes it, and is left alone when it has it", async () => {
    const install = (version: string) =>
      run("install-runner", [version, repository.line], repository.key);
    expect(await install("19.3.0-1")).toMatchObject({ exitCode: 0 });
    expect(await installed()).toBe("19.3.0-1");
    await install("17.0.0-1");
    expect(await installed()).toBe("17.0.0-1");
    await install("19.4.0-1");
    expect(await installed()).toBe("19.4.0-1");
    expect((await install("19.4.0-1")).stdout).toBe("gitlab-runner is there");
    await install("19.3.0-1");
    expect(await installed()).toBe("19.3.0-1");
    expect((await install("")).stdout).toBe("gitlab-runner is there");
    expect((await install("1.0")).exitCode).not.toBe(0);
  });

  test("runs the runner as a service of its own, its configuration for root alone", async () => {
    expect(await configure('token = "glrt-1"\n')).toMatchObject({
      exitCode: 0,
      stdout: `${service}: restart`,
    });
    expect(await machine.read(config)).toBe('token = "glrt-1"\n');
    expect((await stat(join(machine.root, config))).mode & 0o777).toBe(0o600);
    expect(await machine.read(unit)).toContain(`--config ${config} `);
    expect(await machine.told()).toEqual([
      "daemon-reload",
      `enable --quiet ${service}`,
      `restart ${service}`,
    ]);
  });

  test("is not disturbed by the same configuration", async () => {
    expect((await configure('token = "glrt-1"\n')).stdout).toBe(`${service}: none`);
    expect(await machine.told()).toEqual([]);
  });

  test("reads a changed token without a restart, so that running jobs go on", async () => {
    expect((await configure('token = "glrt-2"\n')).stdout).toBe(`${service}: reload`);
    expect(await machine.told()).toEqual([`reload ${service}`]);
    expect(await machine.read(config)).toBe('token = "glrt-2"\n');
  });

  test.each([
    ["the session server", 'a = 1\n\n[session_server]\nlisten_address = "b"\n\n[[runners]]\n'],
    ["the address for metrics", 'listen_address = "a"\n\n[[runners]]\n'],
  ])("restarts for %s, which a running process does not read again", async (_case, text) => {
    expect((await configure(text)).stdout).toBe(`${service}: restart`);
    await machine.told();
  });

  test("restarts for another time to end jobs", async () => {
    const before = await machine.read(config);
    expect((await configure(before, { grace: "60" })).stdout).toBe(`${service}: restart`);
    expect(await machine.told()).toContain("daemon-reload");
    expect(await machine.read(unit)).toContain("TimeoutStopSec=60");
  });

  test("never shows the token in what it prints", async () => {
    const { stdout, stderr } = await configure('token = "glrt-hidden"\n');
    expect(stdout + stderr).not.toContain("glrt-hidden");
  });

  test("keeps its configuration when a new one comes empty", async () => {
    const before = await machine.read(config);
    expect((await configure("")).exitCode).toBe(1);
    expect(await machine.read(config)).toBe(before);
  });

  test("keeps its configuration when GitLab does not know the new one's token", async () => {
    const before = await machine.read(config);
    await machine.told();
    const { exitCode, stderr } = await configure('token = "unknown"\n');
    expect(exitCode).toBe(1);
    expect(stderr).toContain("GitLab does not know infra");
    expect(await machine.read(config)).toBe(before);
    expect(await machine.told()).toEqual([]);
  });

  test("says so when the service does not start", async () => {
    await machine.write("/run/broken", "");
    await machine.run(`rm -f /run/active-${service}`);
    const { exitCode, stderr } = await configure('token = "glrt-3"\n');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`journalctl -u ${service}`);
    await machine.run("rm /run/broken");
    await configure('token = "glrt-3"\n');
  });

  test("leaves the runner of another stack alone", async () => {
    const other = { owner: "trunkline/staging" };
    expect((await configure("token = 4\n", other)).stderr).toContain("belongs to another owner");
    expect((await run("remove-runner", ["infra", other.owner])).exitCode).toBe(1);
    expect(await machine.read(config)).toBe('token = "glrt-3"\n');
  });

  test("loses what was made, and nothing else", async () => {
    await machine.write("/etc/gitlab-runner/config.toml", "by hand");
    const remove = () => run("remove-runner", ["infra", "trunkline/prod"]);
    await machine.told();
    expect((await remove()).stdout).toBe(`${service}: removed`);
    expect(await machine.told()).toEqual([`disable --quiet --now ${service}`, "daemon-reload"]);
    const left = await machine.run(`ls ${config} ${unit}`);
    expect(left.stdout).toBe("");
    expect(await machine.read("/etc/gitlab-runner/config.toml")).toBe("by hand");
    expect(await installed()).toBe("19.3.0-1");
    expect((await remove()).stdout).toBe(`${service}: gone already`);
  });

  test("asks the official runner whether GitLab knows what it gets", async ({ skip }) => {
    const program = await findRunnerProgram();
    if (program === undefined) return skip("there is no gitlab-runner: make test builds one");
    const path = "/usr/local/bin/gitlab-runner";
    await machine.write(path, await readFile(program), 0o755);
    // It asks where it lies itself, and nobody has mounted /proc.
    await machine.run(`mkdir -p /proc/self && ln -s ${path} /proc/self/exe`);
    const scene = await RunnerScene.start(program);
    const token = await scene.register();
    const known = scene.render(token, { executor: "shell" });
    expect(await configure(known)).toEqual({
      exitCode: 0,
      stdout: `${service}: restart`,
      stderr: "",
    });
    const outcome = await configure(known.replace(token, "glrt-of-another-gitlab"));
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain("is not valid");
    expect(outcome.stderr).not.toContain("glrt-of-another-gitlab");
    const unreachable = await configure(known.replace(scene.url, "http://127.0.0.1:9"));
    expect(unreachable.stderr).toContain("connection refused");
    expect(await machine.read(config)).toBe(known);
  });
});
