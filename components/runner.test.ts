import { isSecret, type Output } from "@pulumi/pulumi";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { named, record } from "../test/support/recorder.ts";
import { Runner, type RunnerArgs } from "./runner.ts";

const args: RunnerArgs = {
  description: "infra",
  tags: ["infra"],
  image: "debian:bookworm",
  scope: { groupId: 7 },
  url: "https://gitlab.example.com",
};

const outputs = () => ({ token: "glrt-token" });

describe("a runner", () => {
  it("is registered for its group, and takes tagged jobs only", async () => {
    const children = await record(() => void new Runner("infra", args), outputs);
    const { type, inputs } = named(children, "infra-registration");
    expect(type).toBe("gitlab:index/userRunner:UserRunner");
    expect(inputs).toEqual({
      runnerType: "group_type",
      groupId: 7,
      description: "infra",
      tagLists: ["infra"],
      untagged: false,
      accessLevel: "not_protected",
      paused: false,
      locked: false,
      maintenanceNote: "Kept by Pulumi as infra-registration of trunkline/test",
    });
  });

  it("is told to GitLab with its limits and notes", async () => {
    const given = { maximumTimeout: 3600, maintenanceNote: "rack 4", paused: true, locked: true };
    const children = await record(() => void new Runner("infra", { ...args, ...given }), outputs);
    expect(named(children, "infra-registration").inputs).toMatchObject(given);
  });

  it("of another generation is another registration, so that both are there for a while", async () => {
    const children = await record(() => {
      new Runner("infra", { ...args, generation: 2 });
    }, outputs);
    expect(children.map(({ name }) => name)).toEqual(["infra", "infra-registration-2"]);
  });

  it("names every mistake before anything is registered", async () => {
    const wrong: RunnerArgs = { ...args, tags: [], gitStrategy: "fetch" };
    const children = record(() => void new Runner("infra", wrong), outputs);
    await expect(children).rejects.toThrow(/tags is empty[\s\S]*gitStrategy is "fetch"/);
  });

  it("can be a project's or the whole instance's", async () => {
    const children = await record(() => {
      new Runner("project", { ...args, scope: { projectId: 3 } });
      new Runner("instance", { ...args, scope: { instance: true }, protected: true });
    }, outputs);
    const project = named(children, "project-registration").inputs;
    expect(project).toMatchObject({ runnerType: "project_type", projectId: 3 });
    const instance = named(children, "instance-registration").inputs;
    expect(instance).toMatchObject({ runnerType: "instance_type", accessLevel: "ref_protected" });
  });

  it("gives its config.toml, with the token, as a secret", async () => {
    let config: Output<string> | undefined;
    let secret: Promise<boolean> | undefined;
    const cache = { type: "s3", bucket: "ci", accessId: "id" } as const;
    await record(() => {
      config = new Runner("infra", { ...args, cache, cacheSecret: "s3cret" }).config;
      secret = isSecret(config);
    }, outputs);
    const text = await new Promise<string>((resolve) => config?.apply(resolve));
    expect(parse(text)).toMatchObject({
      runners: [
        {
          url: "https://gitlab.example.com",
          token: "glrt-token",
          cache: { s3: { AccessKey: "id", SecretKey: "s3cret" } },
        },
      ],
    });
    expect(await secret).toBe(true);
  });
});
