import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, record } from "../test/support/recorder.ts";
import { PackageGroup } from "./package-group.ts";
import { PackageProject } from "./package-project.ts";
import type { Variables } from "./variables.ts";

const aptly = { url: "u", aptUrl: "a", username: "ci", password: "long enough" };
const pipeline = { header: [], stages: [], jobs: [], hidden: [] };

const inProject = (variables: Variables) =>
  record(
    () => void new PackageProject("ying", { path: "ying", namespaceId: 7, pipeline, variables }),
  );

describe("variables of a project", () => {
  it("may be plain values, and outputs", async () => {
    const children = await inProject({ A: "a", B: output("b") });
    expect(named(children, "ying-A").inputs).toEqual({
      project: "ying-project-id",
      key: "A",
      value: "a",
      raw: true,
    });
    expect(named(children, "ying-B").inputs).toMatchObject({ value: "b", raw: true });
  });

  it("have all that GitLab keeps of one", async () => {
    const children = await inProject({
      TOKEN: {
        value: secret("hush-hush"),
        masked: true,
        hidden: true,
        protected: true,
        raw: false,
        file: true,
        description: "For uploads",
      },
    });
    expect(named(children, "ying-TOKEN").inputs).toEqual({
      project: "ying-project-id",
      key: "TOKEN",
      value: "hush-hush",
      masked: true,
      hidden: true,
      protected: true,
      raw: false,
      variableType: "file",
      description: "For uploads",
    });
  });

  it("are one for each scope, and the one for all keeps its name", async () => {
    const children = await inProject({
      URL: [{ value: "a" }, { value: "b", environmentScope: "review/*" }],
    });
    expect(named(children, "ying-URL").inputs).toMatchObject({ value: "a" });
    expect(named(children, "ying-URL@review/*").inputs).toMatchObject({
      value: "b",
      environmentScope: "review/*",
    });
  });
});

describe("variables of a group", () => {
  it("join those that the pipelines read", async () => {
    const variables = { TOKEN: { value: secret("hush-hush"), masked: true } };
    const children = await record(
      () => void new PackageGroup("packages", { path: "infra", aptly, variables }),
    );
    expect(named(children, "packages-TOKEN").inputs).toEqual({
      group: "packages-group-id",
      key: "TOKEN",
      value: "hush-hush",
      masked: true,
      raw: true,
      description: expect.stringContaining("packages-TOKEN"),
    });
    expect(named(children, "packages-APTLY_URL").inputs).toMatchObject({ protected: true });
  });
});
