import { output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { example, today } from "../test/support/configuration-example.ts";
import { planGroups } from "./groups.ts";
import { planImages } from "./images.ts";
import { planPipelines, planProject, planTemplates } from "./plan.ts";

const aptly = { url: "u", aptUrl: "a", username: "ci", password: "a-password" };
const ying = { pipeline: "own", tags: ["theirs"], distributions: ["bookworm"] };

function planWith(packages: object) {
  const configuration = readConfiguration(example({ packages }), { today, stack: "dev" });
  const pipelines = planPipelines(configuration);
  const groups = { infra: { groupId: output(1) } };
  const given = { groups, pipelines, templates: {}, access: { aptly }, users: {} };
  return {
    pipelines: Object.keys(pipelines),
    images: Object.keys(
      planImages(configuration, { aptUrl: "https://apt.example.com", aptKey: "" }),
    ),
    templates: Object.keys(planTemplates(configuration, given)),
    handed: planGroups(configuration, { aptly }).map((group) => group.aptly),
    ying: planProject(configuration, "ying", given),
  };
}

describe("a stack whose pipelines are all their teams' own", () => {
  test("renders, builds and lints nothing, and hands nothing to jobs", () => {
    expect(planWith({ ying })).toMatchObject({
      pipelines: [],
      images: [],
      templates: [],
      handed: [undefined],
    });
    const planned = planWith({ ying }).ying;
    expect(planned).toMatchObject({ pipeline: undefined, defaultBranch: undefined });
    expect(planned).not.toHaveProperty("groupRunners");
  });

  test("has all of that once one pipeline is the stack's", () => {
    const datahook = { distributions: ["bookworm"] };
    expect(planWith({ ying, datahook })).toMatchObject({
      pipelines: ["datahook"],
      images: ["bookworm"],
      templates: ["ci"],
      handed: [aptly],
      ying: { pipeline: undefined },
    });
  });
});
