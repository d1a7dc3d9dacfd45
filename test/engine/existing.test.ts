import { expect, onTestFinished, test } from "vitest";
import { findAptlyBinaries, startAptly } from "../support/aptly-scene.ts";
import { devConfiguration, EngineStack } from "../support/engine-stack.ts";
import { type Scene, sceneForTest } from "./scene.ts";

type GitLab = Scene["servers"]["gitlab"];

/** A stack in a group that is there, with packages of one distribution. */
async function inExistingGroup(packages: object, changes: object = {}) {
  return {
    ...(await devConfiguration()),
    "trunkline:protect": false,
    "trunkline:group": { path: "infra", existing: true },
    "trunkline:distributions": { trixie: { baseImage: "127.0.0.1:5050/debian:trixie" } },
    "trunkline:runners": { shared: { existing: true, tags: ["shared"], scope: "instance" } },
    "trunkline:packages": packages,
    ...changes,
  };
}

const distributions = ["trixie"];

test("two stacks share a group of others, and neither takes what is the other's or the group's", async () => {
  const configuration = await inExistingGroup({
    ying: { distributions, members: { ada: "developer", nobody: "guest" } },
  });
  const { servers, stack: first } = await sceneForTest({ configuration });
  const { gitlab } = servers;
  await makeGroup(gitlab);
  const before = await lookAtGroup(gitlab);

  const refused = await first.up();
  expect(refused.succeeded).toBe(false);
  expect(refused.text.replace(/\s+/g, " ")).toContain(
    'trunkline:packages.ying.members.nobody "nobody" is no user that the token sees.',
  );
  expect(await gitlab.call("GET", "/projects")).toEqual([]);
  await first.configure({
    "trunkline:packages": { ying: { distributions, members: { ada: "developer" } } },
  });
  const applied = await first.up();
  expect(applied.succeeded, applied.text).toBe(true);

  const second = await startSecond(servers);
  const secondApplied = await second.stack.up();
  expect(secondApplied.succeeded, secondApplied.text).toBe(true);
  expect(await lookAtGroup(gitlab)).toEqual(before);
  expect(await variableOf(gitlab, "ying", "APTLY_URL")).toBe(servers.environment.APTLY_URL);
  expect(await variableOf(gitlab, "yang", "APTLY_URL")).toBe(second.aptlyUrl);
  expect(await namesOfMembers(gitlab, "ying")).toContain("ada");
  expect(await gitlab.look("/projects/infra%2Fying")).toMatchObject({
    shared_runners_enabled: true,
  });
  expect((await gitlab.call<object[]>("GET", "/runners/all")).length).toBe(0);

  const destroyed = await second.stack.destroy();
  expect(destroyed.succeeded, destroyed.text).toBe(true);
  expect(await lookAtGroup(gitlab)).toEqual(before);
  expect(await variableOf(gitlab, "ying", "APTLY_URL")).toBe(servers.environment.APTLY_URL);
  expect((await first.preview()).steps).toEqual({});
});

async function startSecond({ environment }: Scene["servers"]) {
  const [binary] = findAptlyBinaries();
  if (!binary) throw new Error("no aptly is installed");
  const other = await startAptly(binary);
  onTestFinished(() => other.stop());
  const { url, username, password } = other.front.configuration;
  const access = { APTLY_URL: url, APTLY_USERNAME: username, APTLY_PASSWORD: password };
  const stack = await EngineStack.create({
    name: "other",
    environment: { ...environment, ...access },
    configuration: await inExistingGroup(
      { yang: { distributions } },
      { "trunkline:ci": { project: "ci-other" } },
    ),
  });
  onTestFinished(() => stack.remove());
  return { stack, aptlyUrl: url };
}

async function makeGroup(gitlab: GitLab): Promise<void> {
  const named = { name: "Infrastructure", path: "infra", description: "Of others" };
  await gitlab.call("POST", "/groups", { ...named, visibility: "internal" });
  const theirs = { key: "APTLY_URL", value: "https://somewhere.else/api" };
  await gitlab.call("POST", "/groups/infra/variables", theirs);
  const ada = { username: "ada", name: "Ada", email: "ada@example.com" };
  await gitlab.call("POST", "/users", { ...ada, force_random_password: true });
}

async function lookAtGroup(gitlab: GitLab) {
  const { projects: _, ...group } = (await gitlab.look("/groups/infra")) ?? {};
  return [group, await gitlab.look("/groups/infra/variables")];
}

async function variableOf(gitlab: GitLab, project: string, key: string) {
  return (await gitlab.look(`/projects/infra%2F${project}/variables/${key}`))?.value;
}

async function namesOfMembers(gitlab: GitLab, project: string) {
  const path = `/projects/infra%2F${project}/members`;
  const members = await gitlab.call<{ username: string }[]>("GET", path);
  return members.map(({ username }) => username);
}
