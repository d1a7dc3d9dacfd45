import { expect, test } from "vitest";
import { packageProgram, shellThatSays, type WantedPackages } from "../support/package-program.ts";
import type { Servers } from "../support/servers.ts";
import { sceneForTest } from "./scene.ts";

const first = shellThatSays("the first shell finds no package");
const second = shellThatSays("the second shell finds no package");
const third = shellThatSays("the third shell finds no package");

/** Which shell GitLab reads for a package, and whether it takes its pipeline. */
async function readShell({ gitlab }: Servers, name: string): Promise<string> {
  const { valid, merged_yaml } = await gitlab.call<{ valid: boolean; merged_yaml: string }>(
    "GET",
    `/projects/infra%2F${name}/ci/lint`,
  );
  return `${valid} ${[...new Set(merged_yaml.match(/the \w+ shell/g))].join()}`;
}

test("in a protected stack the shell moves on, packages join, and pins and branches stay their own", async () => {
  const wanted: WantedPackages = { template: first, packages: { ying: {} } };
  const { servers, stack } = await sceneForTest({ name: "prod", program: packageProgram(wanted) });
  const up = async () => {
    const outcome = await stack.up();
    expect(outcome.succeeded, outcome.text).toBe(true);
    return Object.entries(outcome.steps).filter(([subject]) => !subject.includes("canary"));
  };
  await up();

  wanted.template = second;
  wanted.packages = { ...wanted.packages, canary: { ref: first.tag } };
  expect(Object.fromEntries(await up())).toEqual({
    "RepositoryFile ci-package-v1": "update content",
    [`ProjectTag ci-${second.tag}`]: "create",
    [`ProjectTag ci-${first.tag}`]: "delete",
  });

  wanted.template = third;
  const old = { defaultBranch: "master", ref: second.tag };
  wanted.packages = { ...wanted.packages, old, newest: { defaultBranch: "trunk/next" } };
  await up();
  const names = ["ying", "canary", "old", "newest"];
  const shells = await Promise.all(names.map((name) => readShell(servers, name)));
  expect(shells).toEqual([
    "true the third shell",
    "true the first shell",
    "true the second shell",
    "true the third shell",
  ]);
  expect(await up()).toEqual([]);

  for (const [name, branch] of [
    ["old", "master"],
    ["newest", "trunk/next"],
  ] as const) {
    const project = `/projects/infra%2F${name}`;
    const branches = await servers.gitlab.call("GET", `${project}/protected_branches`);
    expect(branches).toMatchObject([{ name: branch }]);
    const pipelines = await servers.gitlab.call<{ id: number; ref: string }[]>(
      "GET",
      `${project}/pipelines`,
    );
    expect(pipelines.map(({ ref }) => ref)).toEqual([branch]);
    const jobs = await servers.gitlab.call<{ name: string }[]>(
      "GET",
      `${project}/pipelines/${pipelines[0]?.id}/jobs`,
    );
    expect(jobs.map(({ name }) => name)).toContain("upload_on_trixie");
  }
});
