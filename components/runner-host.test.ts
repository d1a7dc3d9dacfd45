import { execFileSync } from "node:child_process";
import type { CustomResourceOptions, Output, ResourceTransformationArgs } from "@pulumi/pulumi";
import { isSecret, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { RunnerHost, type RunnerHostArgs } from "./runner-host.ts";

const image = `gitlab/gitlab-runner:v19.4.0@sha256:${"0".repeat(64)}`;
const config = secret('token = "glrt-hidden"');
const connection = { host: "metal.example.com", user: "deploy", hostKey: "ssh-ed25519 AAAA" };
const outputs = ({ type }: Recorded) =>
  type === "docker:index/remoteImage:RemoteImage" ? { imageId: "sha256:1" } : {};

function host(args: RunnerHostArgs) {
  return record(() => void new RunnerHost("infra", args), outputs);
}

describe("a runner in a container", () => {
  it("has its configuration as a file for root alone, and the engine's socket", async () => {
    const { type, inputs } = named(await host({ config, docker: { image } }), "infra-container");
    expect(type).toBe("docker:index/container:Container");
    expect(inputs).toMatchObject({
      image: "sha256:1",
      uploads: [
        {
          file: "/etc/gitlab-runner/config.toml",
          content: 'token = "glrt-hidden"',
          permissions: "0600",
        },
      ],
      mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" }],
    });
  });

  it("restarts by itself, and lets its jobs end before it stops", async () => {
    const children = await host({ config, graceSeconds: 7200, docker: { image, ports: [8093] } });
    expect(named(children, "infra-container").inputs).toMatchObject({
      restart: "always",
      stopSignal: "SIGQUIT",
      stopTimeout: 7200,
      destroyGraceSeconds: 7200,
      ports: [{ internal: 8093, external: 8093 }],
    });
  });

  it("is up only when GitLab knows its token, and has no name that a successor would want", async () => {
    const { inputs } = named(await host({ config, docker: { image } }), "infra-container");
    expect(inputs).toMatchObject({
      wait: true,
      healthcheck: { tests: ["CMD-SHELL", expect.stringContaining("gitlab-runner verify")] },
    });
    expect(inputs).not.toHaveProperty("name");
  });

  it.each([
    ["runs before the one that it follows has ended", [], false],
    ["waits for its predecessor where both want a port of the machine", [8093], true],
  ])("%s", async (_case, ports, waits) => {
    const options = new Map<string, CustomResourceOptions>();
    const transformations = [
      ({ name, opts }: ResourceTransformationArgs) => void options.set(name, opts),
    ];
    const args = { config, docker: { image, ports } };
    await record(() => void new RunnerHost("infra", args, { transformations }), outputs);
    expect(options.get("infra-container")).toMatchObject({ deleteBeforeReplace: waits });
  });

  it("gets no socket when its executor needs none", async () => {
    const children = await host({ config, docker: { image, socket: false } });
    expect(named(children, "infra-container").inputs).toMatchObject({ mounts: [] });
  });

  it("keeps its configuration secret in the state", async () => {
    let uploads: Output<unknown> | undefined;
    await record(() => {
      uploads = new RunnerHost("infra", { config, docker: { image } }).nodes.container?.uploads;
    }, outputs);
    expect(uploads && (await isSecret(uploads))).toBe(true);
  });

  it("is refused without the image's digest", async () => {
    const children = host({ config, docker: { image: "gitlab/gitlab-runner:latest" } });
    await expect(children).rejects.toThrow(
      'RunnerHost "infra": docker.image "gitlab/gitlab-runner:latest" is not pinned.',
    );
  });
});

describe("a runner on a machine", () => {
  const service = async (more: object = {}) => host({ config, ssh: { connection, ...more } });

  it("gets its configuration by standard input, never by a command line", async () => {
    const { type, inputs } = named(await service(), "infra-service");
    expect(type).toBe("command:remote:Command");
    expect(inputs.stdin).toBe('token = "glrt-hidden"');
    const { stdin, ...rest } = inputs;
    expect(JSON.stringify(rest)).not.toContain("glrt-hidden");
    expect(inputs).toMatchObject({ logging: "none", addPreviousOutputInEnv: false });
  });

  it("is changed by the script that made it, and removed by one that knows its owner", async () => {
    const { inputs } = named(await service({ sudo: false }), "infra-service");
    expect(inputs.update).toBe(inputs.create);
    expect(wordsOf(inputs.create)).toEqual(["infra", "trunkline/test", "3600"]);
    expect(wordsOf(inputs.delete)).toEqual(["infra", "trunkline/test"]);
  });

  it("has its package installed before, when asked to", async () => {
    const source = { line: "https://packages.example.com/runner bookworm main", key: "the key" };
    const children = await service({ sudo: false, package: { version: "19.4.0-1", source } });
    expect(children.map(({ name }) => name)).toEqual(["infra", "infra-package", "infra-service"]);
    const { inputs } = named(children, "infra-package");
    expect(wordsOf(inputs.create)).toEqual(["19.4.0-1", source.line]);
    expect(inputs.stdin).toBe("the key");
  });

  it("installs nothing otherwise", async () => {
    const children = await service();
    expect(children.map(({ name }) => name)).toEqual(["infra", "infra-service"]);
  });

  it("becomes root without a question", async () => {
    expect(named(await service(), "infra-service").inputs.create).toMatch(/^sudo -n /);
  });

  it("is refused under a name that systemd or a file could misread", async () => {
    const children = record(
      () => void new RunnerHost("in/fra", { config, ssh: { connection } }),
      outputs,
    );
    await expect(children).rejects.toThrow('RunnerHost "in/fra": name "in/fra" is not');
  });
});

/** The words that a command hands to its script. */
function wordsOf(command: unknown): string[] {
  const echo = `sh() { shift 3; for word; do printf '%s\\0' "$word"; done; }`;
  const printed = execFileSync("sh", ["-c", `${echo}\n${command}`], { encoding: "utf8" });
  return printed.split("\0").slice(0, -1);
}
