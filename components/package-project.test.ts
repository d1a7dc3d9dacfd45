import type * as gitlab from "@pulumi/gitlab";
import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { debianPackagePipeline } from "../pipeline/debian-package.ts";
import { named, record } from "../test/support/recorder.ts";
import { PackageProject, type PackageProjectArgs } from "./package-project.ts";
import type { Transform } from "./transform.ts";

const args: PackageProjectArgs = {
  path: "datahook",
  namespaceId: 7,
  pipeline: debianPackagePipeline({
    package: "datahook",
    targets: [{ codename: "bookworm", image: "$BUILDER_IMAGE_BOOKWORM" }],
    tags: ["infra"],
    installPrefix: "/opt/trunk30",
    apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
    origin: "the tests",
  }),
};

describe("a package project", () => {
  it("clones for every job, and is archived when it leaves the stack", async () => {
    const children = await record(() => void new PackageProject("datahook", args));
    const { type, inputs } = named(children, "datahook-project");
    expect(type).toBe("gitlab:index/project:Project");
    expect(inputs).toMatchObject({
      path: "datahook",
      namespaceId: 7,
      visibilityLevel: "private",
      defaultBranch: "main",
      buildGitStrategy: "clone",
      sharedRunnersEnabled: false,
      archiveOnDestroy: true,
      permanentlyDeleteOnDestroy: false,
    });
  });

  it("is asked for nothing that its arguments do not name, and begins private", async () => {
    const seen: Record<string, readonly string[] | undefined> = {};
    const watch: Transform<gitlab.ProjectArgs> = (given, _, name) => {
      seen[name] = Object.keys(given).filter((key) => given[key as keyof typeof given]);
    };
    const transform = { project: watch };
    await record(() => void new PackageProject("datahook", { ...args, transform }));
    expect(seen["datahook-project"]?.toSorted()).toEqual([
      "archiveOnDestroy",
      "buildGitStrategy",
      "ciConfigPath",
      "ciPipelineVariablesMinimumOverrideRole",
      "ciSeparatedCaches",
      "defaultBranch",
      "namespaceId",
      "path",
    ]);
  });

  it("has its own way to aptly before its group's, which goes although the project stays", async () => {
    const aptly = { url: "u", aptUrl: "a", username: "ci", password: secret("a-password") };
    const builderImages = { bookworm: "registry.example.com/bookworm:1" };
    const children = await record(
      () => void new PackageProject("datahook", { ...args, aptly, builderImages }),
    );
    expect(named(children, "datahook-APTLY_PASSWORD")).toMatchObject({
      type: "gitlab:index/projectVariable:ProjectVariable",
      inputs: { value: "a-password", masked: true, protected: true, raw: true },
    });
    const keys = children.filter(({ type }) => type.endsWith(":ProjectVariable"));
    expect(keys.map(({ inputs }) => inputs.key).sort()).toEqual([
      "APTLY_PASSWORD",
      "APTLY_URL",
      "APTLY_USERNAME",
      "APT_URL",
      "BUILDER_IMAGE_BOOKWORM",
    ]);
  });

  it("has the members that are named", async () => {
    const members = { ada: { userId: 5, accessLevel: "maintainer" as const } };
    const children = await record(() => void new PackageProject("datahook", { ...args, members }));
    expect(named(children, "datahook-member-ada").inputs).toEqual({
      project: "datahook-project-id",
      userId: 5,
      accessLevel: "maintainer",
    });
  });

  it("is deleted for good only when that is wanted", async () => {
    const children = await record(
      () => void new PackageProject("datahook", { ...args, onDestroy: "delete" }),
    );
    expect(named(children, "datahook-project").inputs).toMatchObject({
      archiveOnDestroy: false,
      permanentlyDeleteOnDestroy: true,
    });
  });

  it("protects the default branch, then commits its rendered pipeline to it", async () => {
    const children = await record(
      () => void new PackageProject("datahook", { ...args, defaultBranch: "trunk" }),
    );
    const { inputs } = named(children, "datahook-pipeline");
    expect(inputs).toMatchObject({
      project: "datahook-project-id",
      branch: "trunk",
      filePath: ".gitlab-ci.yml",
      encoding: "text",
    });
    expect(parse(String(inputs.content))).toHaveProperty("compile_on_bookworm");
    expect(named(children, "datahook-default-branch").inputs).toMatchObject({
      branch: "trunk",
      pushAccessLevel: "maintainer",
      mergeAccessLevel: "developer",
      allowForcePush: false,
    });
    const order = children.map(({ name }) => name);
    expect(order.indexOf("datahook-default-branch")).toBeLessThan(
      order.indexOf("datahook-pipeline"),
    );
  });

  it("has variables and a schedule of its default branch when it is given them", async () => {
    const schedule = { cron: "0 4 * * 1", timezone: "Europe/Berlin" };
    const variables = { BUILD_TYPE: "nightly" };
    const children = await record(
      () => void new PackageProject("datahook", { ...args, variables, schedule }),
    );
    expect(named(children, "datahook-BUILD_TYPE").inputs).toMatchObject({ value: "nightly" });
    expect(named(children, "datahook-schedule").inputs).toMatchObject({
      ref: "refs/heads/main",
      cron: "0 4 * * 1",
      cronTimezone: "Europe/Berlin",
    });
  });

  it("has neither when it is given none", async () => {
    const children = await record(() => void new PackageProject("datahook", args));
    const types = children.map(({ type }) => type);
    expect(types).not.toContain("gitlab:index/projectVariable:ProjectVariable");
    expect(types).not.toContain("gitlab:index/pipelineSchedule:PipelineSchedule");
  });

  it("is read-only when it is archived, and what is in it is declared as it is there", async () => {
    const children = await record(
      () => void new PackageProject("datahook", { ...args, archived: true }),
    );
    expect(named(children, "datahook-project").inputs).toMatchObject({ archived: true });
    expect(children.map(({ name }) => name)).toContain("datahook-pipeline");
  });
});
