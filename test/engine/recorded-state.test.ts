import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { expect, test } from "vitest";
import type { Outcome } from "../support/engine-stack.ts";
import type { Servers } from "../support/servers.ts";
import {
  type Placeholders,
  type RecordedCall,
  readRecording,
  recordedStack,
  toAddressPlaceholders,
  toTokenPlaceholders,
} from "./recorded-state/recording.ts";
import { sceneForTest } from "./scene.ts";

/**
 * What `up` of this program may do to the stack that an earlier one left: add and change, never
 * replace or delete. The URN has the types of the parents: a component's children are
 * `/\btrunkline:ci:PackageProject\$/`.
 */
const allowedChanges: readonly {
  readonly operation: "create" | "update";
  readonly urn: RegExp;
}[] = [
  // The address of a default provider's server comes into the state.
  { operation: "update", urn: /::pulumi:providers:(gitlab|aptly)::default_/ },
  { operation: "update", urn: /gitlab:index\/repositoryFile:RepositoryFile::\w+-pipeline$/ },
  { operation: "create", urn: /\btrunkline:ci:TemplateProject\b/ },
  // The engine's own, by which the program reads what the stack declared.
  { operation: "create", urn: /::pulumi:providers:pulumi::default$/ },
];

/**
 * `recorded-state/record.ts` recorded the stack of a program that rendered every job into the package's
 * own file: its state, and the calls that made what it speaks of. They are made again here, so that
 * objects have the numbers that the state knows and the settings of that time.
 */
test("a stack that an earlier program left is kept: nothing is replaced, deleted or lost", async () => {
  const { servers, stack } = await sceneForTest(recordedStack);
  const placeholders = await replayCalls(servers);
  await addWork(servers);
  const before = await listData(servers);
  await stack.importState(readRecording<Deployment>("state.json", placeholders));

  const preview = await stack.preview();
  expect(preview.succeeded, preview.text).toBe(true);
  expect(surprises(preview), preview.text).toEqual([]);
  const applied = await stack.up();
  expect(applied.succeeded, applied.text).toBe(true);
  expect(surprises(applied), applied.text).toEqual([]);

  const refreshed = await stack.refresh();
  expect(refreshed, refreshed.text).toMatchObject({ succeeded: true, steps: {} });
  const again = await stack.preview();
  expect(again, again.text).toMatchObject({ succeeded: true, steps: {} });
  const after = await listData(servers);
  expect(before.filter((line) => !after.includes(line))).toEqual([]);
});

function surprises({ changes }: Outcome) {
  return changes.filter(
    (change) =>
      !allowedChanges.some(
        ({ operation, urn }) => operation === change.operation && urn.test(change.urn),
      ),
  );
}

/** Makes what the recorded stack made, and gives the texts that differ from when it was recorded. */
async function replayCalls({ gitlab, aptly, environment }: Servers): Promise<Placeholders> {
  const addresses = toAddressPlaceholders(environment);
  const answers: unknown[] = [];
  for (const call of readRecording<RecordedCall[]>("calls.json", addresses)) {
    const { service, method, path, body } = call;
    const server = service === "gitlab" ? gitlab.call.bind(gitlab) : aptly.raw;
    answers.push(await server(method, path, body));
  }
  return { ...addresses, ...toTokenPlaceholders(answers) };
}

/** What people and pipelines added since, which no state knows. */
async function addWork({ gitlab, aptly }: Servers): Promise<void> {
  const readme = "/projects/infra%2Fying/repository/files/README.md";
  const commit = { branch: "main", content: "# ying\n", commit_message: "Say what it is" };
  await gitlab.call("POST", readme, commit);
  await aptly.upload("infra_trixie", "ying_1.0_amd64.deb");
}

/** A line for everything on the servers that would be missed. */
async function listData({ gitlab, aptly }: Servers): Promise<string[]> {
  const projects = ["ying", "datahook"].flatMap((name) =>
    ["variables", "pipeline_schedules", "protected_branches", "repository/commits"].map(
      (list) => `/projects/infra%2F${name}/${list}`,
    ),
  );
  const inGitLab = ["/groups", "/projects", "/runners/all", "/groups/infra/variables", ...projects];
  const inAptly = ["/repos", "/repos/infra_trixie/packages", "/publish"];
  const lists = [
    ...inGitLab.map(async (path) => toLines(path, await gitlab.call("GET", path))),
    ...inAptly.map(async (path) => toLines(path, await aptly.raw("GET", path))),
  ];
  return (await Promise.all(lists)).flat();
}

type Row = string | { readonly [field in "id" | "key" | "Name" | "Path"]?: string };

function toLines(path: string, rows: readonly Row[] | undefined): string[] {
  return (rows ?? []).map((row) => {
    const { id, key, Name, Path } = typeof row === "string" ? { id: row } : row;
    return `${path} ${id ?? key ?? Name ?? Path}`;
  });
}
