import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { readCases } from "./cases.ts";

describe.each(await readCases())("the config.toml of $name", ({ request, golden, rendered }) => {
  test("is the agreed file, which only npm run golden:accept rewrites", () => {
    expect(rendered).toBe(readFileSync(golden, "utf8"));
  });

  test("is read back as one runner with its token and a section for its executor", () => {
    const { runners } = parse(rendered) as { runners: Record<string, unknown>[] };
    const [runner = {}] = runners;
    expect(runners).toHaveLength(1);
    expect(runner).toMatchObject({ name: request.description, token: "glrt-example" });
    const sections = ["docker", "kubernetes"].filter((name) => name in runner);
    expect(sections).toEqual(request.executor === "shell" ? [] : [request.executor ?? "docker"]);
  });
});
