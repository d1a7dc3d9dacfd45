import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { PackageGroup, type PackageGroupArgs } from "./package-group.ts";

const args: PackageGroupArgs = {
  path: "infra",
  aptly: {
    url: "https://aptly.example.com/api",
    aptUrl: "https://apt.example.com",
    username: "trunkline",
    password: secret("a-password"),
  },
  builderImages: { bookworm: "registry.example.com/builder-bookworm@sha256:2" },
};

describe("a package group", () => {
  it("is a private group of its own", async () => {
    const children = await record(() => void new PackageGroup("packages", args));
    const { type, inputs } = named(children, "packages-group");
    expect(type).toBe("gitlab:index/group:Group");
    expect(inputs).toEqual({ name: "infra", path: "infra", visibilityLevel: "private" });
  });

  it("lies below the group that its path names", async () => {
    const outputs = ({ type, inputs }: Recorded) =>
      type.endsWith(":getGroup") && inputs.fullPath === "platform/packages" ? { groupId: 5 } : {};
    const nested = { ...args, path: "platform/packages/infra" };
    const children = await record(() => void new PackageGroup("packages", nested), outputs);
    const { inputs } = named(children, "packages-group");
    expect(inputs).toMatchObject({ path: "infra", parentId: 5 });
  });

  it("hands aptly's credentials to protected branches only, the password masked", async () => {
    const children = await record(() => void new PackageGroup("packages", args));
    expect(named(children, "packages-APTLY_PASSWORD").inputs).toMatchObject({
      group: "packages-group-id",
      key: "APTLY_PASSWORD",
      value: "a-password",
      protected: true,
      masked: true,
      raw: true,
    });
    const username = named(children, "packages-APTLY_USERNAME").inputs;
    expect(username).toMatchObject({ protected: true });
  });

  it("names each distribution's builder image in a variable that every branch sees", async () => {
    const children = await record(() => void new PackageGroup("packages", args));
    const { inputs } = named(children, "packages-BUILDER_IMAGE_BOOKWORM");
    expect(inputs).toEqual({
      group: "packages-group-id",
      key: "BUILDER_IMAGE_BOOKWORM",
      value: "registry.example.com/builder-bookworm@sha256:2",
      raw: true,
      description: "Kept by Pulumi as packages-BUILDER_IMAGE_BOOKWORM of trunkline/test",
    });
  });
});
