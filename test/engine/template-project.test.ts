import { expect, test } from "vitest";
import { renderTemplate, toTemplate } from "../../pipeline/template.ts";
import { fixShell, templateProgram } from "../support/template-program.ts";
import { sceneForTest } from "./scene.ts";

const packages = ["ying", "datahook", "quantity"];
const newest = renderTemplate();
const fixed = fixShell(newest);
const broken = toTemplate(newest.content.replace("GIT_STRATEGY: clone", "GIT_STRATEGY: [clone]"));

async function start() {
  const { program, wanted } = templateProgram(packages);
  const { servers, stack } = await sceneForTest({ program });
  const first = await stack.up();
  expect(first.succeeded, first.text).toBe(true);
  const { requests } = servers.gitlab.sandbox;
  requests.reset();
  return { servers, stack, requests, wanted };
}

const commitRoute = "PUT /projects/:id/repository/files/:file_path";
const isCommit = (route: string) => /^(PUT|POST|DELETE) .*\/repository\//.test(route);

test("a fix of the shell is one commit in one project, and starts no package's pipeline", async () => {
  const { servers, stack, requests, wanted } = await start();
  const pipelines = await countPipelines();
  wanted.template = fixed;
  const preview = await stack.preview();
  const steps = {
    "RepositoryFile ci-package-v1": "update content",
    [`ProjectTag ci-${fixed.tag}`]: "create",
    [`ProjectTag ci-${newest.tag}`]: "delete",
  };
  expect(preview.steps, preview.text).toEqual(steps);
  expect(preview.text.split("\n").length, preview.text).toBeLessThan(60);
  expect(requests.count("POST /projects/:id/ci/lint")).toBe(1);
  requests.reset();

  const applied = await stack.up();
  expect(applied.steps, applied.text).toEqual(steps);
  expect(requests.count(commitRoute)).toBe(1);
  expect(await countPipelines()).toEqual(pipelines);
  const tags = await servers.gitlab.look<{ name: string }[]>(
    "/projects/infra%2Fci/repository/tags",
  );
  expect(tags?.map(({ name }) => name).sort()).toEqual([newest.tag, fixed.tag].sort());

  wanted.template = newest;
  const back = await stack.up();
  expect(back.succeeded, back.text).toBe(true);

  async function countPipelines() {
    const lists = packages.map((name) =>
      servers.gitlab.look(`/projects/infra%2F${name}/pipelines`),
    );
    return (await Promise.all(lists)).map((rows) => (rows as unknown as unknown[]).length);
  }
});

test("what cannot work is refused in the preview with its place, and nothing is committed", async () => {
  const { servers, stack, requests, wanted } = await start();
  const refusal = async () => {
    const outcomes = [await stack.preview(), await stack.up()];
    for (const { succeeded, steps, text } of outcomes) {
      expect(succeeded, text).toBe(false);
      expect(Object.values(steps), text).not.toContain("delete");
      expect(text).not.toMatch(/^\s+at .*:\d+/m);
    }
    expect(Object.keys(requests.counts()).filter(isCommit)).toEqual([]);
    return outcomes.map(({ text }) => text.replace(/\s+/g, " ")).join("\n");
  };

  wanted.template = broken;
  expect(await refusal()).toContain("GitLab refuses the pipeline of infra/ying with the new shell");

  wanted.template = newest;
  wanted.ref = "package-v1-gone";
  expect(await refusal()).toContain(
    'ci.ref "package-v1-gone" of infra/ying, infra/datahook, infra/quantity is no branch, tag or commit of infra/ci. Give a tag of it',
  );

  wanted.ref = "main";
  await servers.gitlab.call(
    "POST",
    `/projects/infra%2Fying/repository/files/${encodeURIComponent(".gitlab/package.yml")}`,
    { branch: "main", content: "compile_on_trixie: {allow_failure: true}\n", commit_message: "a" },
  );
  requests.reset();
  const clash = await refusal();
  expect(clash).toContain(
    '.gitlab/package.yml of infra/ying names "compile_on_trixie", which the pipeline has itself',
  );

  const [, pattern = ""] = /pulumi up --exclude '([^']+)'/.exec(clash) ?? [];
  wanted.ref = newest.tag;
  const others = await stack.up({ exclude: [pattern] });
  expect(others.steps, others.text).toEqual({
    "RepositoryFile datahook-pipeline": "update content",
    "RepositoryFile quantity-pipeline": "update content",
  });
});
