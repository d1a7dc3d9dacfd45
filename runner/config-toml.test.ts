import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { renderRunnerConfig } from "./config-toml.ts";
import { documentedNames, typedNames } from "./documented-names.ts";
import { planRunner, type RunnerRequest } from "./plan.ts";

const request: RunnerRequest = { description: "infra", tags: ["infra"], image: "debian:bookworm" };
const registration = { url: "https://gitlab.example.com", token: 'glrt-a"b\\c' };

function runnerOf(changes: Partial<RunnerRequest>): Record<string, unknown> {
  const plan = planRunner({ ...request, ...changes }, 'Runner "infra"');
  const { runners } = parse(renderRunnerConfig(plan, registration)) as {
    runners: Record<string, unknown>[];
  };
  return runners[0] ?? {};
}

describe("a runner's config.toml", () => {
  it("keeps the token whatever is in it", () => {
    expect(runnerOf({})).toMatchObject(registration);
  });

  it("clones unless it is told to fetch", () => {
    expect(runnerOf({}).environment).toEqual(["GIT_STRATEGY=clone"]);
  });

  it("names a folder by token and slot when each job gets its own", () => {
    const { environment, custom_build_dir } = runnerOf({ buildsPerSlot: true });
    expect(environment).toContain(
      "GIT_CLONE_PATH=$CI_BUILDS_DIR/$CI_RUNNER_SHORT_TOKEN/$CI_CONCURRENT_ID/$CI_PROJECT_PATH",
    );
    expect(custom_build_dir).toEqual({ enabled: true });
  });

  it("lets no job name its folder otherwise", () => {
    expect(runnerOf({}).custom_build_dir).toEqual({ enabled: false });
    expect(runnerOf({ jobsNameFolders: true }).custom_build_dir).toEqual({ enabled: true });
  });
});

describe("the documented names", () => {
  it.each(Object.keys(documentedNames) as (keyof typeof documentedNames)[])(
    "of the section %s are each there once, typed or not",
    (section) => {
      const names = [...documentedNames[section], ...Object.keys(typedNames[section])];
      expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    },
  );
});
