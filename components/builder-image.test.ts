import type { Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, record } from "../test/support/recorder.ts";
import { BuilderImage, type BuilderImageArgs } from "./builder-image.ts";

const args: BuilderImageArgs = {
  codename: "bookworm",
  baseImage: "debian:bookworm",
  registry: "registry.example.com",
  packages: ["cmake"],
};

const outputs = () => ({ ref: "registry.example.com/builder-bookworm:1@sha256:2" });

describe("a builder image", () => {
  it("is built from its rendered Dockerfile and pushed, but not in a preview", async () => {
    let ref: Output<string> | undefined;
    const children = await record(() => {
      ref = new BuilderImage("builder", args).ref;
    }, outputs);
    const { type, inputs } = named(children, "builder-image");
    expect(type).toBe("docker-build:index:Image");
    expect(inputs).toMatchObject({
      dockerfile: { inline: expect.stringContaining("FROM debian:bookworm\n") },
      tags: [expect.stringMatching(/^registry\.example\.com\/builder-bookworm:[0-9a-f]{12}$/)],
      platforms: ["linux/amd64"],
      push: true,
      buildOnPreview: false,
    });
    expect(await promiseOf(ref)).toBe("registry.example.com/builder-bookworm:1@sha256:2");
  });

  it("is the existing one when that is wanted, and nothing is built", async () => {
    let ref: Output<string> | undefined;
    const children = await record(() => {
      ref = new BuilderImage("builder", { ...args, existing: "debian:bookworm" }).ref;
    });
    expect(children.map(({ name }) => name)).toEqual(["builder"]);
    expect(await promiseOf(ref)).toBe("debian:bookworm");
  });

  it("that cannot be is refused at the component, with the argument", async () => {
    const create = () => new BuilderImage("builder", { ...args, packages: ["Qt 5"] });
    await record(() => {
      expect(create).toThrow(/^BuilderImage "builder": packages\[0\] "Qt 5"/);
    });
  });
});

function promiseOf<T>(value: Output<T> | undefined): Promise<T> {
  return new Promise((resolve) => value?.apply(resolve));
}
