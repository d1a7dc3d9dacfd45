import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createProject } = useServer();
let id: number;

beforeAll(async () => {
  ({ id } = await createProject({ initialize_with_readme: true }));
});

const lint = (fields: Record<string, unknown>) => ask("POST", `/projects/${id}/ci/lint`, fields);
const content = "build:\n  stage: build\n  script: make\n  tags: [infra]\n";

test("A valid configuration is 200 with the merged one, and jobs only when asked", async () => {
  const { status, body } = await lint({ content });
  expect(status).toBe(200);
  expect(body).toMatchObject({ valid: true, errors: [], warnings: [], includes: [] });
  expect(body.merged_yaml).toMatch(/^---\nbuild:\n {2}stage: build\n/);
  expect(body).not.toHaveProperty("jobs");
  const [job] = (await lint({ content, include_jobs: true })).body.jobs;
  expect(job).toMatchObject({
    name: "build",
    stage: "build",
    before_script: [],
    script: ["make"],
    after_script: [],
    tag_list: ["infra"],
    environment: null,
    when: "on_success",
    allow_failure: false,
    only: { refs: ["branches", "tags"] },
    except: null,
  });
});

test("An invalid configuration is 200 too, with its faults", async () => {
  const { status, body } = await lint({ content: "build:\n  scripts: make\n" });
  expect([status, body.valid]).toEqual([200, false]);
  expect(body.errors).toEqual([
    "jobs build config should implement the script:, run:, or trigger: keyword",
    "jobs config should contain at least one visible job",
  ]);
});

test("Content must be given", async () => {
  const { status, body } = await lint({});
  expect([status, body]).toEqual([400, { error: "content is missing" }]);
});

test("The committed file is linted at a ref, with the files it includes", async () => {
  const project = await createProject();
  await ask("POST", `/projects/${project.id}/repository/commits`, {
    branch: "main",
    commit_message: "CI",
    actions: [
      { action: "create", file_path: ".gitlab-ci.yml", content: "include: ci/build.yml\n" },
      { action: "create", file_path: "ci/build.yml", content },
    ],
  });
  const { body } = await ask("GET", `/projects/${project.id}/ci/lint?content_ref=main`);
  expect(body).toMatchObject({
    valid: true,
    includes: [
      { type: "local", location: "ci/build.yml", context_project: project.path_with_namespace },
    ],
  });
});

test("A missing file, an unknown ref and an empty repository are told apart", async () => {
  const missing = await ask("GET", `/projects/${id}/ci/lint`);
  expect(missing.body).toMatchObject({
    valid: false,
    errors: ["Please provide content of .gitlab-ci.yml"],
  });
  const unknown = await ask("GET", `/projects/${id}/ci/lint?content_ref=nowhere`);
  expect([unknown.status, unknown.body]).toEqual([404, { message: "404 Commit Not Found" }]);
  const { id: empty } = await createProject();
  const none = await ask("GET", `/projects/${empty}/ci/lint`);
  expect([none.status, none.body]).toEqual([404, { message: "404 Repository Not Found" }]);
});
