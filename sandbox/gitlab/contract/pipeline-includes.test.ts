import { afterEach, beforeEach, expect, test } from "vitest";
import { RunnerScene } from "./runner-scene.ts";

let scene: RunnerScene;
beforeEach(async () => {
  scene = await RunnerScene.start();
});
afterEach(() => scene.stop());

/** A library that holds shell only. */
const library = `
default: {retry: 1}
variables: {LEVEL: library, SHARED: yes-please}
.setup: {before_script: [set -e, . /etc/profile]}
.compile_with_cmake:
  extends: .setup
  stage: compile
  before_script: [[!reference [.setup, before_script]], "compile_package() { make; }"]
  after_script: [ccache -s]
  variables: {BUILD: 012, VERSION: 1.0}
  artifacts: {paths: [build/*.deb], expire_in: 1 week}
  rules: [!reference [.default_branch, rules]]
.default_branch:
  rules: [{if: $CI_COMMIT_BRANCH == "main"}]
.test_installed:
  stage: test
  needs: [compile_on_bookworm]
  before_script: [install_package]
`;

const own = `
include:
  - local: .gitlab/package.yml
    rules: [{exists: [.gitlab/package.yml]}]
  - project: infra/ci
    ref: main
    file: package-v1.yml
stages: [compile, test, upload]
variables: {LEVEL: package}
.ours: &ours {allow_failure: false, when: on_success, retry: 0}
compile_on_bookworm:
  <<: *ours
  extends: .compile_with_cmake
  image: $IMAGE
  tags: [infra]
  script: [compile_package, collect_packages]
test_on_bookworm:
  <<: *ours
  extends: .test_installed
  tags: [infra]
  inherit: {variables: [SHARED], default: false}
  script: [first, [second]]
test_on_trixie:
  extends: .test_installed
  tags: [infra]
  script: !reference [test_on_bookworm, script]
`;

async function call(method: string, path: string, body: unknown, token?: string) {
  const answer = await scene.call(method, path, { body, ...(token !== undefined && { token }) });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

function commit(project: number, files: Record<string, string>, token?: string) {
  const actions = Object.entries(files).map(([file_path, content]) => ({
    action: "create",
    file_path,
    content,
  }));
  const body = { branch: "main", commit_message: "CI", actions };
  return call("POST", `/projects/${project}/repository/commits`, body, token);
}

/** The group `infra` with the library and a package, both private and without a pipeline yet. */
async function createProjects() {
  const group = await call("POST", "/groups", { name: "infra", path: "infra" });
  const create = (name: string) =>
    call("POST", "/projects", { name, namespace_id: group.id, visibility: "private" });
  const [ci, datahook] = [await create("ci"), await create("datahook")];
  await commit(ci.id, { "package-v1.yml": library });
  return { ci: ci.id as number, datahook: datahook.id as number };
}

/** Runs the next job. */
async function next(runner: string) {
  const { body: job } = await scene.request(runner);
  await scene.update(job, { state: "success" });
  return job;
}

const variableOf = (job: { variables: { key: string; value: string }[] }, name: string) =>
  job.variables.find(({ key }) => key === name)?.value;

test("Jobs that extend another project's hidden jobs reach the runner whole", async () => {
  const { datahook } = await createProjects();
  await commit(datahook, { ".gitlab-ci.yml": own });
  expect(await scene.pipeline(datahook)).toMatchObject({ status: "pending", yaml_errors: null });
  const runner = await scene.createRunner(datahook, { tag_list: "infra" });
  const compile = await next(runner);
  expect(compile).toMatchObject({
    job_info: { name: "compile_on_bookworm", stage: "compile" },
    steps: [
      {
        name: "script",
        script: [
          "set -e",
          ". /etc/profile",
          "compile_package() { make; }",
          "compile_package",
          "collect_packages",
        ],
      },
      { name: "after_script", script: ["ccache -s"], when: "always" },
    ],
    image: { name: "$IMAGE" },
    artifacts: [{ paths: ["build/*.deb"], expire_in: "1 week" }],
  });
  const seen = ["LEVEL", "SHARED", "BUILD", "VERSION"].map((name) => variableOf(compile, name));
  expect(seen).toEqual(["package", "yes-please", "10", "1.0"]);

  const tested = await next(runner);
  expect(tested.job_info.name).toBe("test_on_bookworm");
  expect(tested.steps).toMatchObject([{ script: ["install_package", "first", "second"] }]);
  expect([variableOf(tested, "LEVEL"), variableOf(tested, "SHARED")]).toEqual([
    undefined,
    "yes-please",
  ]);
  const last = await next(runner);
  expect(last.job_info.name).toBe("test_on_trixie");
  expect(last.steps).toMatchObject([{ script: ["install_package", "first", "second"] }]);
  expect(variableOf(last, "LEVEL")).toBe("package");
  expect((await scene.pipeline(datahook)).status).toBe("success");
});

test("Rules and needs of hidden jobs decide what is in the pipeline, as do own files", async () => {
  const { datahook } = await createProjects();
  const local = "lint: {stage: test, script: check, needs: []}\n";
  await commit(datahook, { ".gitlab-ci.yml": own, ".gitlab/package.yml": local });
  expect(await scene.states(datahook)).toEqual({
    compile_on_bookworm: "pending",
    test_on_bookworm: "created",
    test_on_trixie: "created",
    lint: "pending",
  });
  await call("POST", `/projects/${datahook}/repository/branches`, { branch: "topic", ref: "main" });
  const topic = await scene.pipeline(datahook);
  expect(topic).toMatchObject({ ref: "topic", status: "failed" });
  expect(topic.yaml_errors).toContain("'test_on_bookworm' job needs 'compile_on_bookworm' job");
});

test("Whoever starts the pipeline must be allowed to read what it includes", async () => {
  const { ci, datahook } = await createProjects();
  const user = await call("POST", "/users", {
    username: "dev",
    name: "dev",
    email: "dev@example.com",
    force_random_password: true,
  });
  const tokens = `/users/${user.id}/personal_access_tokens`;
  const { token } = await call("POST", tokens, { name: "x", scopes: ["api"] });
  const join = (project: number, access_level: number) =>
    call("POST", `/projects/${project}/members`, { user_id: user.id, access_level });
  await join(datahook, 40);
  await commit(datahook, { ".gitlab-ci.yml": own }, token);
  const denied =
    "Project `infra/ci` not found or access denied! " +
    "Make sure any includes in the pipeline configuration are correctly defined.";
  expect(await scene.pipeline(datahook)).toMatchObject({ status: "failed", yaml_errors: denied });
  const start = () =>
    scene.call("POST", `/projects/${datahook}/pipeline`, { body: { ref: "main" }, token });
  expect(await start()).toMatchObject({ status: 400, body: { message: { base: [denied] } } });
  await join(ci, 20);
  expect((await start()).status).toBe(201);
});
