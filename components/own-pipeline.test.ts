import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, record } from "../test/support/recorder.ts";
import { PackageProject, type PackageProjectArgs } from "./package-project.ts";

const declare = (args: Partial<PackageProjectArgs> = {}) =>
  record(() => void new PackageProject("ying", { path: "ying", namespaceId: 7, ...args }));

describe("a project whose pipeline is the team's own", () => {
  it("has nothing committed, and keeps its CI settings, its branches and its default branch", async () => {
    const children = await declare();
    expect(children.map(({ name }) => name)).toEqual(["ying", "ying-project"]);
    const { inputs } = named(children, "ying-project");
    for (const key of ["buildGitStrategy", "ciConfigPath", "ciSeparatedCaches", "defaultBranch"]) {
      expect(inputs).not.toHaveProperty(key);
    }
  });

  it("has the protected branches that are named, as they are named", async () => {
    const children = await declare({
      defaultBranch: "master",
      protectedBranches: {
        master: { push: "no one", merge: "maintainer" },
        "release/*": { push: "developer", merge: "developer", forcePush: true },
      },
    });
    expect(named(children, "ying-default-branch").inputs).toMatchObject({
      branch: "master",
      pushAccessLevel: "no one",
      mergeAccessLevel: "maintainer",
      allowForcePush: false,
    });
    expect(named(children, "ying-branch-release/*").inputs).toMatchObject({
      branch: "release/*",
      pushAccessLevel: "developer",
      allowForcePush: true,
    });
  });

  it("has further schedules with their variables", async () => {
    const nightly = {
      description: "Nightly build",
      cron: "30 3 * * *",
      ref: "refs/heads/next",
      active: false,
      variables: { KEY: { value: secret("a-value"), file: true } },
    };
    const children = await declare({ schedules: { nightly } });
    expect(named(children, "ying-schedule-nightly").inputs).toMatchObject({
      description: "Nightly build",
      ref: "refs/heads/next",
      cron: "30 3 * * *",
      cronTimezone: "UTC",
      active: false,
    });
    expect(named(children, "ying-schedule-nightly-KEY").inputs).toMatchObject({
      key: "KEY",
      value: "a-value",
      variableType: "file",
    });
  });
});
