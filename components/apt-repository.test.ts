import { describe, expect, it } from "vitest";
import { record } from "../test/support/recorder.ts";
import { AptRepository } from "./apt-repository.ts";

const args = { repository: "infra", prefix: "trunk", distributions: ["bookworm", "trixie"] };

describe("an apt repository", () => {
  it("is a local repository and its publication for each distribution", async () => {
    const children = await record(() => void new AptRepository("apt", args));
    expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "aptly:index/localRepository:LocalRepository apt-bookworm",
      "aptly:index/localRepository:LocalRepository apt-trixie",
      "aptly:index/publication:Publication apt-bookworm",
      "aptly:index/publication:Publication apt-trixie",
      "trunkline:apt:AptRepository apt",
    ]);
    expect(ofType(children, "Publication")[0]?.inputs).toEqual({
      prefix: "trunk",
      distribution: "bookworm",
      sourceKind: "local",
      sources: [{ name: "infra_bookworm", component: "main" }],
      architectures: ["amd64"],
      forceDestroy: false,
    });
  });

  it("lets a released distribution go with its packages, and no other", async () => {
    const children = await record(
      () => void new AptRepository("apt", { ...args, released: ["trixie"] }, { protect: true }),
    );
    const released = children
      .filter(({ inputs }) => inputs.forceDestroy === true)
      .map(({ type, name }) => `${type.replace(/.*:/, "")} ${name}`);
    expect(released.sort()).toEqual(["LocalRepository apt-trixie", "Publication apt-trixie"]);
  });

  it("keeps its packages unless told to let them go", async () => {
    const kept = await record(() => void new AptRepository("apt", args));
    expect(ofType(kept, "LocalRepository")[0]?.inputs).toMatchObject({ forceDestroy: false });
    const children = await record(
      () => void new AptRepository("apt", { ...args, forceDestroy: true }),
    );
    expect(ofType(children, "LocalRepository")[0]?.inputs).toMatchObject({ forceDestroy: true });
  });

  it("signs with the key that it is given", async () => {
    const children = await record(
      () => void new AptRepository("apt", { ...args, signingKey: "A1" }),
    );
    expect(ofType(children, "Publication")[0]?.inputs).toMatchObject({ signing: { gpgKey: "A1" } });
  });

  it("tells what apt clients write into sources.list", async () => {
    let sources = {};
    await record(() => {
      sources = new AptRepository("apt", { ...args, prefix: "" }).sources(
        "https://apt.example.com/",
        "/k.asc",
      );
    });
    expect(sources).toMatchObject({
      bookworm: "deb [signed-by=/k.asc] https://apt.example.com bookworm main",
    });
  });
});

function ofType(children: Awaited<ReturnType<typeof record>>, type: string) {
  return children.filter((child) => child.type.endsWith(`:${type}`));
}
