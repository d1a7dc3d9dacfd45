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

test("a tag that releases starts a pipeline that uploads, and a branch one that does not", async () => {
  const project = "/projects/infra%2Fying";
  const { rendered, tag = "" } = (await readCases()).find((each) => each.tag) ?? {};
  const body = { branch: "main", content: rendered, commit_message: "add" };
  await scene.call("POST", `${project}/repository/files/.gitlab-ci.yml`, body);
  await scene.call("POST", `${project}/repository/tags`, { tag_name: tag, ref: "main" });
  expect(await jobsIn(project, "main")).toEqual(["compile_on_trixie"]);
  expect(await jobsIn(project, tag)).toEqual(["compile_on_trixie", "upload_on_trixie"]);
});

/** Names of the jobs in the pipeline of a branch or tag. */
async function jobsIn(project: string, ref: string): Promise<string[]> {
  const query = `ref=${encodeURIComponent(ref)}`;
  const found = await scene.call<{ id: number }[]>("GET", `${project}/pipelines?${query}`);
  expect(found).toHaveLength(1);
  const jobs = await scene.call<{ name: string }[]>(
    "GET",
    `${project}/pipelines/${found[0]?.id}/jobs`,
  );
  return jobs.map(({ name }) => name).sort();
}
