import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { ConfigError } from "./config-error.ts";
import { planRunner, type RunnerRequest, renderRunnerConfig } from "./runner.ts";

const request: RunnerRequest = { description: "infra", tags: ["infra"], image: "debian:bookworm" };

function faultsOf(changes: Partial<RunnerRequest>) {
  try {
    planRunner({ ...request, ...changes }, 'Runner "infra"');
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe("a runner's plan", () => {
  it("takes one tagged job at a time in docker unless told otherwise", () => {
    expect(planRunner(request, 'Runner "infra"')).toEqual({
      description: "infra",
      tags: ["infra"],
      runUntagged: false,
      executor: "docker",
      concurrency: 1,
      accessLevel: "not_protected",
      image: "debian:bookworm",
    });
  });

  it("refuses every fault at once", () => {
    expect(faultsOf({ tags: [], concurrency: 0, maximumTimeout: 599 })).toEqual([
      "tags",
      "concurrency",
      "maximumTimeout",
    ]);
  });

  it("accepts no tags when untagged jobs are wanted, and ten minutes", () => {
    expect(faultsOf({ tags: [], runUntagged: true, maximumTimeout: 600 })).toEqual([]);
  });
});

describe("a runner's config.toml", () => {
  const registration = { url: "https://gitlab.example.com", token: 'glrt-a"b\\c' };

  it("limits the jobs, and keeps the token whatever is in it", () => {
    const plan = planRunner({ ...request, concurrency: 2 }, 'Runner "infra"');
    expect(parse(renderRunnerConfig(plan, registration))).toEqual({
      concurrent: 2,
      check_interval: 3,
      runners: [
        {
          name: "infra",
          ...registration,
          executor: "docker",
          limit: 2,
          docker: {
            image: "debian:bookworm",
            pull_policy: ["always", "if-not-present"],
            privileged: false,
            volumes: ["/cache"],
          },
        },
      ],
    });
  });

  it("has a section for the executor that it names", () => {
    const plan = planRunner({ ...request, executor: "kubernetes" }, 'Runner "infra"');
    const [runner] = parse(renderRunnerConfig(plan, registration)).runners as object[];
    expect(runner).toMatchObject({ executor: "kubernetes", kubernetes: { privileged: false } });
    expect(runner).not.toHaveProperty("docker");
  });
});
