import { expect, test } from "vitest";
import { renderTemplate } from "../pipeline/template.ts";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { TemplateProject, type TemplateProjectArgs } from "./template-project.ts";

const template = renderTemplate();
const outputs = ({ type }: Recorded) =>
  type.endsWith(":lintPipelines") ? { refusals: [], unlinted: "" } : {};

function declare(changes: Partial<TemplateProjectArgs> = {}) {
  const args = { group: "infra", path: "ci", namespaceId: 7, template, pipelines: {} };
  return record(() => void new TemplateProject("ci", { ...args, ...changes }), outputs);
}

test("the project has the shell as its file, and no pipelines of its own", async () => {
  const children = await declare();
  expect(named(children, "ci-project").inputs).toMatchObject({
    visibilityLevel: "private",
    buildsAccessLevel: "disabled",
  });
  expect(named(children, "ci-package-v1").inputs).toMatchObject({
    branch: "main",
    filePath: "package-v1.yml",
    content: template.content,
  });
});

test("its state has a tag that names its content", async () => {
  const { inputs } = named(await declare(), `ci-${template.tag}`);
  expect(inputs).toMatchObject({ name: template.tag, ref: "main" });
});

test.each([
  [undefined, "maintainer"],
  ["admin", "admin"],
] as const)("who pushes and makes tags: %s", async (pushAccessLevel, level) => {
  const children = await declare(pushAccessLevel && { pushAccessLevel });
  expect(named(children, "ci-default-branch").inputs).toMatchObject({
    pushAccessLevel: level,
    mergeAccessLevel: "no one",
    allowForcePush: false,
  });
  expect(named(children, "ci-tags").inputs).toMatchObject({
    tag: "package-v1-*",
    createAccessLevel: level,
  });
});
