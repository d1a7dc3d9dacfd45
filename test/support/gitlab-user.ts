import type { GitLabScene } from "./gitlab-scene.ts";

/** A user who is a member of one project, with a token of the `api` scope. Levels: 30 developer, 40 maintainer. */
export async function addMember(
  scene: GitLabScene,
  username: string,
  project: number,
  level: number,
): Promise<{ readonly id: number; readonly token: string }> {
  const { id } = await scene.call<{ id: number }>("POST", "/users", {
    username,
    name: username,
    email: `${username}@example.com`,
    force_random_password: true,
  });
  const { token } = await scene.call<{ token: string }>(
    "POST",
    `/users/${id}/personal_access_tokens`,
    { name: "test", scopes: ["api"] },
  );
  await scene.call("POST", `/projects/${project}/members`, { user_id: id, access_level: level });
  return { id, token };
}

/** A project with a first commit on its protected default branch, `main`. */
export async function addProject(scene: GitLabScene, name: string): Promise<number> {
  const project = { name, path: name, initialize_with_readme: true };
  const { id } = await scene.call<{ id: number }>("POST", "/projects", project);
  return id;
}
