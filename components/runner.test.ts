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
    });
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
    await record(() => {
      config = new Runner("infra", args).config;
      secret = isSecret(config);
    }, outputs);
    const text = await new Promise<string>((resolve) => config?.apply(resolve));
    expect(parse(text)).toMatchObject({
      runners: [{ url: "https://gitlab.example.com", token: "glrt-token" }],
    });
    expect(await secret).toBe(true);
  });
});
