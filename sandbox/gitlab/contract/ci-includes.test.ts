import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject, createUser } = useServer();

type Made = Awaited<ReturnType<typeof createProject>>;

let group: Awaited<ReturnType<typeof createGroup>>;
let library: Made;
let project: Made;

const job = (name: string) => `${name}: {script: make}\n`;

async function commit(id: number, files: Record<string, string>) {
  const actions = Object.entries(files).map(([file_path, content]) => ({
    action: "create",
    file_path,
    content,
  }));
  const body = { branch: "main", commit_message: "CI", actions };
  const answer = await ask("POST", `/projects/${id}/repository/commits`, body);
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

/** The sha of the library's second commit, which the tag `v1` does not have. */
let newest: string;
let own: string;

beforeAll(async () => {
  group = await createGroup();
  library = await createProject({ namespace_id: group.id, visibility: "private" });
  project = await createProject({ namespace_id: group.id });
  await commit(library.id, {
    "jobs.yml": ".base: {before_script: [setup], tags: [infra]}\n",
    "nested.yml": "include: /jobs.yml\n.more: {after_script: [done]}\n",
    "empty.yml": "",
    "comment.yml": "# nothing\n",
    "broken.yml": "a: b: c\n",
  });
  await ask("POST", `/projects/${library.id}/repository/tags`, { tag_name: "v1", ref: "main" });
  newest = await commit(library.id, { "late.yml": job("late") });
  own = await commit(project.id, {
    "ci/a.yml": job("a"),
    "ci/b.yml": job("b"),
    "notes.txt": job("notes"),
    "loop.yml": "include: loop.yml\n",
  });
});

interface Row {
  location: string;
}

async function lint(include: unknown, headers?: Record<string, string>) {
  const content = `${JSON.stringify({ include })}\n`;
  const more = { content: `${content.slice(0, -2)}, last: {script: make}}\n`, include_jobs: true };
  const { status, body } = await ask("POST", `/projects/${project.id}/ci/lint`, more, headers);
  expect(status).toBe(200);
  const names = (body.jobs as { name: string }[]).map(({ name }) => name);
  return { errors: body.errors as string[], names, includes: body.includes as Row[], body };
}

test("Local files come from the linted commit, and are told where they are", async () => {
  const { errors, names, includes } = await lint(["/ci/a.yml", { local: "ci/b.yml" }]);
  expect([errors, names]).toEqual([[], ["a", "b", "last"]]);
  const path = project.path_with_namespace;
  expect(includes).toMatchObject([
    {
      type: "local",
      location: "ci/a.yml",
      extra: {},
      context_project: path,
      context_sha: own,
      blob: expect.stringMatching(new RegExp(`/${path}/-/blob/${own}/ci/a\\.yml$`)),
      raw: expect.stringMatching(new RegExp(`/${path}/-/raw/${own}/ci/a\\.yml$`)),
    },
    { location: "ci/b.yml" },
  ]);
});

test("Wildcards and rules choose files", async () => {
  expect((await lint("ci/*.yml")).names).toEqual(["a", "b", "last"]);
  const rules = (path: string) => ({ local: "ci/a.yml", rules: [{ exists: [path] }] });
  expect((await lint([rules("ci/b.yml"), rules("**/*.txt")])).names).toEqual(["a", "last"]);
  expect((await lint([rules("none.yml"), "ci/b.yml"])).names).toEqual(["b", "last"]);
});

test("Another project's files come from its newest commit or from a ref", async () => {
  const library_ = library.path_with_namespace;
  const { includes, body } = await lint({ project: library_, file: ["nested.yml", "late.yml"] });
  const { path_with_namespace } = project;
  expect(includes).toMatchObject([
    {
      type: "file",
      location: "nested.yml",
      extra: { project: library_, ref: "HEAD" },
      context_project: path_with_namespace,
      context_sha: own,
      blob: expect.stringMatching(new RegExp(`/${library_}/-/blob/${newest}/nested\\.yml$`)),
    },
    { type: "file", location: "late.yml" },
    { type: "local", location: "jobs.yml", context_project: library_, context_sha: newest },
  ]);
  expect(body.merged_yaml).toMatch(/^---\n\.base:\n {2}before_script:\n {2}- setup\n/);
  for (const ref of ["v1", newest, "main"])
    expect((await lint({ project: library_, ref, file: "jobs.yml" })).errors).toEqual([]);
  expect((await lint({ project: library_, ref: "v1", file: "late.yml" })).errors).toEqual([
    `Project \`${library_}\` file \`late.yml\` does not exist!`,
  ]);
});

const most = Array.from({ length: 151 }, () => "ci/a.yml");

test.each<[unknown, string]>([
  ["x.yml", "Local file `x.yml` does not exist!"],
  ["notes.txt", "Included file `notes.txt` does not have YAML extension!"],
  ["loop.yml", "Maximum of 150 nested includes are allowed!"],
  [most, "Maximum of 150 nested includes are allowed!"],
  [
    { project: "no/where", file: "x.yml" },
    "Project `no/where` not found or access denied! " +
      "Make sure any includes in the pipeline configuration are correctly defined.",
  ],
])("An include of %j is refused in GitLab's words", async (include, message) => {
  const { body } = await lint(include);
  expect(body).toMatchObject({ valid: false, errors: [message], merged_yaml: null, jobs: [] });
});

test("A project's files are refused in GitLab's words", async () => {
  const path = library.path_with_namespace;
  const faults = async (fields: object) => (await lint({ project: path, ...fields })).errors;
  expect(await faults({ file: "empty.yml" })).toEqual([
    `Project \`${path}\` file \`empty.yml\` is empty!`,
  ]);
  expect(await faults({ file: "jobs.yml", ref: "none" })).toEqual([
    `Project \`${path}\` reference \`none\` does not exist!`,
  ]);
  expect(await faults({ file: "comment.yml" })).toEqual([
    "Included file `comment.yml` does not have valid YAML syntax!",
  ]);
  expect(await faults({ file: "broken.yml" })).toEqual([
    expect.stringMatching(/^`broken\.yml`: \(<unknown>\): mapping values are not allowed/),
  ]);
});

test("Whoever lints must be allowed to read the other project's code", async () => {
  const user = await createUser();
  const expires_at = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  const created = await ask("POST", `/users/${user.id}/personal_access_tokens`, {
    name: "lint",
    scopes: ["api"],
    expires_at,
  });
  const headers = { "private-token": created.body.token as string };
  const member = (id: number, access_level: number) =>
    ask("POST", `/projects/${id}/members`, { user_id: user.id, access_level });
  await member(project.id, 30);
  const file = { project: library.path_with_namespace, file: "jobs.yml" };
  const denied = [expect.stringContaining("not found or access denied!")];
  expect((await lint(file, headers)).errors).toEqual(denied);
  await member(library.id, 10);
  expect((await lint(file, headers)).errors).toEqual(denied);
  await ask("DELETE", `/projects/${library.id}/members/${user.id}`);
  const inherited = { user_id: user.id, access_level: 20 };
  await ask("POST", `/groups/${group.id}/members`, inherited);
  expect((await lint(file, headers)).errors).toEqual([]);
});
