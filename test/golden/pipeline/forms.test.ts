import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { renderTemplate } from "../../../pipeline/template.ts";
import { GitLabScene } from "../../support/gitlab-scene.ts";
import { readCases } from "./cases.ts";

interface Verdict {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly merged_yaml: string;
}

let scene: GitLabScene;
beforeAll(async () => {
  scene = await GitLabScene.start();
  const { id } = await scene.call("POST", "/groups", { name: "infra", path: "infra" });
  for (const path of ["ci", "ying"]) {
    await scene.call("POST", "/projects", { name: path, path, namespace_id: id });
  }
  const { content } = renderTemplate();
  const body = { branch: "main", content, commit_message: "add" };
  await scene.call("POST", "/projects/infra%2Fci/repository/files/package-v1.yml", body);
});
afterAll(() => scene?.stop());

/** The jobs as GitLab runs them: hidden ones are in what extends them. */
async function jobsOf(content: string): Promise<Record<string, unknown>> {
  const verdict = await scene.call<Verdict>("POST", "/projects/infra%2Fying/ci/lint", { content });
  expect(verdict.errors).toEqual([]);
  const { include, ...merged }: Record<string, unknown> = parse(verdict.merged_yaml);
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !name.startsWith(".")));
}

test.each(await readCases())("$name runs the same jobs in both forms", async (each) => {
  const included = await jobsOf(each.rendered);
  expect(included).toEqual(await jobsOf(each.inline));
  for (const { name } of each.jobs) {
    expect(included[name]).toMatchObject({
      before_script: expect.arrayContaining([expect.stringContaining("set -e")]),
    });
  }
});
