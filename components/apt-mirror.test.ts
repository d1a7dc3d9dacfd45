import { describe, expect, it } from "vitest";
import { record } from "../test/support/recorder.ts";
import { AptMirror, type AptMirrorArgs } from "./apt-mirror.ts";

const args: AptMirrorArgs = {
  url: "http://archive.example.com/ubuntu",
  suites: ["xenial", "xenial-updates"],
  snapshots: ["2026-05", "2026-11"],
  prefix: "mirrors/xenial",
};

async function childrenOf(changes: Partial<AptMirrorArgs> = {}) {
  const children = await record(() => void new AptMirror("xenial", { ...args, ...changes }));
  const find = (type: string, name: string) =>
    children.find((child) => child.type.endsWith(`:${type}`) && child.name === name)?.inputs;
  return { find, names: children.map(({ type, name }) => `${type.replace(/.*:/, "")} ${name}`) };
}

describe("a mirror", () => {
  it("is for each suite a mirror, its dated snapshots and the publication of the last", async () => {
    const { find, names } = await childrenOf();
    expect(names.filter((name) => name.includes("-updates")).sort()).toEqual([
      "Mirror xenial-xenial-updates",
      "Publication xenial-xenial-updates",
      "Snapshot xenial-xenial-updates-2026-05",
      "Snapshot xenial-xenial-updates-2026-11",
    ]);
    expect(find("Mirror", "xenial-xenial")).toMatchObject({
      name: "xenial_xenial",
      distribution: "xenial",
      updateTrigger: "2026-11",
      filterWithDeps: false,
    });
    expect(find("Snapshot", "xenial-xenial-2026-05")).toMatchObject({
      name: "xenial_xenial_2026-05",
      mirror: "xenial_xenial",
    });
    expect(find("Publication", "xenial-xenial")).toMatchObject({
      prefix: "mirrors/xenial",
      distribution: "xenial",
      sourceKind: "snapshot",
      sources: [{ name: "xenial_xenial_2026-11", component: "main" }],
    });
  });

  it("goes back to an earlier snapshot without copying anew", async () => {
    const { find } = await childrenOf({ published: "2026-05" });
    expect(find("Mirror", "xenial-xenial")).toMatchObject({ updateTrigger: "2026-11" });
    expect(find("Publication", "xenial-xenial")).toMatchObject({
      sources: [{ name: "xenial_xenial_2026-05", component: "main" }],
    });
  });

  it("copies what the packages of a filter depend on, unless told not to", async () => {
    const filter = "cmake";
    const withAll = await childrenOf({ filter });
    expect(withAll.find("Mirror", "xenial-xenial")).toMatchObject({ filter, filterWithDeps: true });
    const alone = await childrenOf({ filter, withDependencies: false });
    expect(alone.find("Mirror", "xenial-xenial")).toMatchObject({ filterWithDeps: false });
  });
});
