import { describe, expect, test } from "vitest";
import type { Row } from "../plugins/aptly/kinds/publication-row.ts";
import { toApt } from "./apt.ts";

const today = new Date("2026-11-28");
const publication = (distribution: string, change: Partial<Row> = {}) =>
  ({
    Prefix: "trunk",
    Storage: "",
    Distribution: distribution,
    SourceKind: "local",
    Sources: [{ Name: `infra_${distribution}`, Component: "main" }],
    Architectures: ["amd64"],
    ...change,
  }) as Row;

function adopt(publications: readonly Row[], given = {}) {
  const repositories = publications.map(({ Sources: [source] }) => ({
    name: source?.Name ?? "",
    packages: 2,
  }));
  return toApt({ repositories, publications }, given, today);
}

describe("what aptly publishes", () => {
  test("gives the place that most have, and their distributions", () => {
    const other = publication("trixie", {
      Prefix: "other",
      Sources: [{ Name: "tools_trixie", Component: "main" }],
    });
    const adopted = adopt([other, publication("xenial"), publication("bookworm")]);
    expect(adopted.place).toEqual({
      prefix: "trunk",
      repository: "infra",
      component: "main",
      architectures: ["amd64"],
    });
    expect(adopted.distributions).toEqual({ xenial: { acceptEndOfLife: true }, bookworm: {} });
    expect(adopted.remarks).toEqual([
      "aptly: publication other/trixie is published in another way; it is left alone.",
      "aptly: repository tools_trixie (2 packages) is left alone.",
    ]);
  });

  test("is looked for where the configuration has it already", () => {
    const adopted = adopt([publication("bookworm")], { prefix: "elsewhere" });
    expect(adopted).toMatchObject({ place: undefined, distributions: {} });
  });

  test.each<[string, Partial<Row>, string]>([
    ["trixie", { SourceKind: "snapshot" }, "is not made of one local repository"],
    ["stable", {}, "is of no release known by name"],
    ["trixie", { Storage: "s3:bucket" }, "is published to s3:bucket"],
    ["trixie", { Sources: [{ Name: "mine", Component: "main" }] }, "must end in _trixie"],
  ])("%s with %j is left alone", (distribution, change, reason) => {
    const { place, remarks } = adopt([publication(distribution, change)]);
    expect(place).toBeUndefined();
    expect(remarks[0]).toContain(reason);
  });
});
