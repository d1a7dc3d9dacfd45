import { expect, test } from "vitest";
import { addMember } from "../support/gitlab-user.ts";
import { sceneForTest } from "./scene.ts";

test("a token that sees nothing takes nothing out of the state, and what was deleted is made anew after the command that the error prints", async () => {
  const { servers, stack } = await sceneForTest({ deletesAtOnce: true });
  const { gitlab, environment } = servers;
  await stack.up();
  const listed = async () => {
    const resources: { urn: string }[] = (await stack.exportState()).deployment.resources;
    return resources.map(({ urn }) => urn);
  };
  const made = await listed();
  const { id } = await gitlab.call<{ id: number }>("POST", "/projects", { name: "elsewhere" });
  const stranger = await addMember(gitlab, "ci-bot", id, 40);
  stack.connect({ GITLAB_TOKEN: stranger.token });
  const refused = await stack.up();
  expect(refused.text).toContain("the token's user, ci-bot, may not see it, or it is gone");
  expect(await listed()).toEqual(made);

  stack.connect(environment);
  await gitlab.call("DELETE", "/groups/infra");
  const missing = await stack.up();
  expect(missing.succeeded, missing.text).toBe(false);
  const [command] =
    /pulumi state delete .*?'urn:[^']*'/.exec(missing.text.replace(/\s+/g, " ")) ?? [];
  const ran = await stack.shell(`${command} --yes`);
  expect(ran.exitCode, ran.stderr).toBe(0);
  const again = await stack.up();
  expect(again.steps, again.text).toMatchObject({
    "Group packages-group": "create",
    "Project ying-project": "create",
    "RepositoryFile ying-pipeline": "create",
  });
  expect(again.steps).not.toHaveProperty("LocalRepository apt-bookworm");
  expect(await gitlab.look("/projects/infra%2Fying/protected_branches/main")).toBeDefined();
});
