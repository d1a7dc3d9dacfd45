import { afterAll, beforeAll, expect, it } from "vitest";
import { GitLabScene } from "../../test/support/gitlab-scene.ts";
import { secret, unknownValue } from "../../test/support/mini-engine.ts";
import type { Values } from "../kit/wire.ts";

const token = (name: string) => `gitlab:index/${name[0]?.toLowerCase()}${name.slice(1)}:${name}`;

let scene: GitLabScene;
let group: number;
let project: number;
let member: number;
beforeAll(async () => {
  scene = await GitLabScene.start();
  const made = await scene.call<{ id: number }>("POST", "/groups", {
    name: "infra",
    path: "infra",
  });
  group = made.id;
  const ying = { name: "ying", namespace_id: group, initialize_with_readme: true };
  project = (await scene.call<{ id: number }>("POST", "/projects", ying)).id;
  await scene.call("POST", `/projects/${project}/variables`, { key: "A", value: "1" });
  await scene.call("POST", `/projects/${project}/repository/files/ci.txt`, {
    branch: "main",
    content: "first\nby hand\nlast\n",
    commit_message: "By hand",
  });
  const at = `/projects/${project}`;
  await scene.call("POST", `${at}/repository/branches`, { branch: "stable", ref: "main" });
  await scene.call("POST", `${at}/protected_branches`, { name: "stable", push_access_level: 60 });
  await scene.call("POST", `${at}/protected_tags`, { name: "v*", create_access_level: 30 });
  await scene.call("POST", `${at}/pipeline_schedules`, {
    description: "nightly",
    ref: "main",
    cron: "0 1 * * *",
  });
  const ada = { username: "ada", name: "Ada", email: "ada@example.com" };
  const user = { ...ada, force_random_password: true };
  member = (await scene.call<{ id: number }>("POST", "/users", user)).id;
  await scene.call("POST", `${at}/members`, { user_id: member, access_level: 30 });
});
afterAll(async () => {
  await scene?.stop();
});

/** What a preview of a create says, in a run of its own. */
async function foretell(kind: string, inputs: Values): Promise<readonly string[]> {
  const engine = await scene.connect();
  await engine.foresee(token(kind), inputs);
  return engine.told;
}

it.each([
  ["Group", () => ({ name: "infra", path: "infra" }), 'path "infra" is there already'],
  ["Project", () => ({ name: "ying", namespaceId: group }), 'path "infra/ying" is there already'],
  ["ProjectVariable", () => ({ project: `${project}`, key: "A", value: "2" }), 'key "A" is there'],
  ["BranchProtection", () => branchInputs("stable"), 'branch "stable" is there already'],
  ["TagProtection", () => ({ project: `${project}`, tag: "v*" }), 'tag "v*" is there already'],
  ["PipelineSchedule", () => scheduleInputs("nightly"), 'description "nightly" is there already'],
  ["ProjectMembership", () => memberInputs(member), "is there already"],
] as const)(
  "a preview says that a %s is there already, and how to import it",
  async (kind, inputs, words) => {
    const [told] = await foretell(kind, inputs());
    expect(told).toContain(words);
    expect(told).toContain(`pulumi import ${token(kind)}`);
  },
);

it.each([
  ["Group", () => ({ name: "other", path: "other" })],
  ["Project", () => ({ name: "yang", namespaceId: group })],
  ["Project", () => ({ name: "ying", namespaceId: unknownValue })],
  ["ProjectVariable", () => ({ project: `${project}`, key: "B", value: "2" })],
  ["BranchProtection", () => branchInputs("main")],
  ["TagProtection", () => ({ project: `${project}`, tag: "release-*" })],
  ["PipelineSchedule", () => scheduleInputs("weekly")],
  ["ProjectMembership", () => memberInputs(member + 1)],
  ["RepositoryFile", () => ({ ...fileInputs(), content: "first\nby hand\nlast\n" })],
] as const)(
  "a preview says nothing of a %s that is not there, or as it should be",
  async (kind, inputs) => {
    expect(await foretell(kind, inputs())).toEqual([]);
  },
);

const branchInputs = (branch: string) => ({
  project: `${project}`,
  branch,
  pushAccessLevel: "developer",
});

const scheduleInputs = (description: string) => ({
  project: `${project}`,
  description,
  ref: "refs/heads/main",
  cron: "0 4 * * *",
});

const memberInputs = (userId: number) => ({
  project: `${project}`,
  userId,
  accessLevel: "maintainer",
});

const fileInputs = () => ({
  project: `${project}`,
  branch: "main",
  filePath: "ci.txt",
  content: "first\nby the stack\nlast\n",
  encoding: "text",
  overwriteOnCreate: true,
});

it("shows the difference to a file that it would write over", async () => {
  expect(await foretell("RepositoryFile", fileInputs())).toEqual([
    "ci.txt is there already in main; pulumi up replaces it:\n- by hand\n+ by the stack",
  ]);
});

it("shows nothing secret of it", async () => {
  const [told] = await foretell("RepositoryFile", {
    ...fileInputs(),
    content: secret("first\nhush-hush\nlast\n"),
  });
  expect(told).not.toContain("hush-hush");
});

it("does not call what a replacement takes the place of there already", async () => {
  const engine = await scene.connect();
  const inputs = { project: `${project}`, key: "A", value: "1" };
  await engine.check(token("ProjectVariable"), "new", inputs, inputs);
  await engine.foresee(token("ProjectVariable"), inputs);
  expect(engine.told).toEqual([]);
});

it("refuses a branch that is not there, and names the default one", async () => {
  const inputs = { ...fileInputs(), branch: "trunk" };
  await expect(scene.engine.check(token("RepositoryFile"), "ci", inputs)).rejects.toThrow(
    'branch "trunk" is not in infra/ying, whose default branch is "main". Name that one, or make the branch first.',
  );
  const empty = await scene.call<{ id: number }>("POST", "/projects", { name: "empty" });
  const first = { ...inputs, project: `${empty.id}` };
  await expect(scene.engine.check(token("RepositoryFile"), "ci", first)).resolves.toBeDefined();
});
