import * as gitlab from "@pulumi/gitlab";
import { secret } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { Outcome } from "../support/engine-stack.ts";
import { nothing, takeInventory } from "../support/inventory.ts";
import { type Scene, sceneForTest } from "./scene.ts";

/** Nobody listens there. A port that was free a moment ago may be given to a test that runs beside. */
const nowhere = "http://127.0.0.1:4";

interface Refusal {
  readonly name: string;
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** What is said, on one line. */
  readonly sentence: RegExp;
}

const refusals: readonly Refusal[] = [
  {
    name: "an unknown token",
    environment: async () => ({ GITLAB_TOKEN: "glpat-wrong-token" }),
    sentence: /GET \/user answered 401: .*?\. Check the token: .*?GITLAB_TOKEN\./g,
  },
  {
    name: "no GitLab",
    environment: async () => ({ GITLAB_BASE_URL: `${nowhere}/api/v4/` }),
    sentence: /GET \/user got no answer: ECONNREFUSED\. Check that GitLab runs/g,
  },
  {
    name: "a wrong password of aptly",
    environment: async () => ({ APTLY_PASSWORD: "wrong-password" }),
    sentence: /GET \/version answered 401: .*?\. Check aptly:username/g,
  },
  {
    name: "no aptly",
    environment: async () => ({ APTLY_URL: `${nowhere}/api` }),
    sentence: /GET \/version got no answer: ECONNREFUSED\. Check that aptly's API/g,
  },
];

test.each(["a stack that is to be made", "a stack in which nothing changed"])(
  "the preview of %s tells in one sentence what is wrong with a server or its credentials",
  async (which) => {
    const { servers, stack } = await sceneForTest();
    if (which.includes("nothing changed")) await stack.up();
    const made = await listMade(stack);
    for (const { name, environment, sentence } of refusals) {
      const other = await environment();
      stack.connect({ ...servers.environment, ...other });
      const refused = await stack.preview();
      expect(toOneLine(refused).match(sentence), name).toHaveLength(1);
      expectNoLeak(refused, { ...servers.environment, ...other });
    }
    expect(await listMade(stack)).toEqual(made);
    expect((await stack.up()).succeeded).toBe(false);
    // Without a preview before it, what does not need the other server may be made meanwhile.
    expect(await listMade(stack)).toEqual(expect.arrayContaining([...made]));
  },
);

test("a token that may only read is told at its first write, with what to do", async () => {
  const { servers, stack } = await sceneForTest();
  stack.connect({ GITLAB_TOKEN: await createReader(servers.gitlab) });
  expect(toOneLine(await stack.up())).toMatch(
    /gitlab: POST \/groups answered 403: .*\. The token needs the api scope/,
  );
});

test("several mistakes in the configuration are all told, and no server is asked", async () => {
  const { servers, stack } = await sceneForTest();
  await stack.configure({
    "trunkline:distributions": { bookwurm: {} },
    "trunkline:runners": { infra: { tags: ["infra"], concurrency: 0 } },
    "trunkline:packages": { Ying: { distributions: ["sid"], uses: ["nothing"] } },
    "trunkline:grup": "infra",
  });
  servers.gitlab.sandbox.requests.reset();
  const refused = await stack.up();
  const text = toOneLine(refused);
  for (const fault of [
    /trunkline:distributions\.bookwurm "bookwurm" .* use one of xenial, bionic/,
    /trunkline:runners\.infra\.concurrency is 0\. Give 1 or more\./,
    /trunkline:packages\.Ying "Ying" is not a Debian package name\. Use /,
    /trunkline:packages\.Ying\.distributions\[0\] "sid" is not in trunkline:distributions\. Declare/,
    /trunkline:packages\.Ying\.uses\[0\] "nothing" is not a package of this stack\. Declare/,
    /trunkline:grup is an unknown key, "grup"\. Did you mean "group"\?/,
  ]) {
    expect(text).toMatch(fault);
  }
  expectNoLeak(refused, servers.environment);
  expect(servers.gitlab.sandbox.requests.total()).toBe(0);
  expect(servers.aptly.front.requests).toEqual([]);
  expect(await takeInventory(servers)).toEqual(nothing);
});

test("a value that cannot be masked is refused without showing it", async () => {
  const program = async () => {
    const variable = { group: "infra", key: "PASSWORD", masked: true };
    new gitlab.GroupVariable("plain", { ...variable, value: "to short" });
    new gitlab.GroupVariable("secret", { ...variable, value: secret("to short") });
  };
  const { stack } = await sceneForTest({ program });
  const refused = await stack.up();
  expect(toOneLine(refused)).toContain("the value cannot be masked. Give one line of 8 or more");
  expect(refused.text).not.toContain("to short");
});

/** URNs of what the state has on the servers. */
async function listMade(stack: Scene["stack"]): Promise<readonly string[]> {
  const { resources = [] } = (await stack.exportState()).deployment;
  const named: readonly { urn: string; id?: string; type: string }[] = resources;
  return named.filter(({ id, type }) => id && !type.startsWith("pulumi:")).map(({ urn }) => urn);
}

/** Pulumi indents and breaks what it prints. */
function toOneLine({ succeeded, text }: Outcome): string {
  expect(succeeded, text).toBe(false);
  return text.replace(/\s+/g, " ");
}

function expectNoLeak({ text }: Outcome, environment: Readonly<Record<string, string>>): void {
  const { GITLAB_TOKEN, APTLY_PASSWORD } = environment;
  for (const secret of [GITLAB_TOKEN, APTLY_PASSWORD]) {
    expect(secret).toMatch(/.{8}/);
    expect(text).not.toContain(secret);
  }
  expect(text).not.toMatch(/^\s+at .*:\d+/m);
}

async function createReader(gitlab: Scene["servers"]["gitlab"]): Promise<string> {
  const reader = { name: "reader", scopes: ["read_api"] };
  const path = "/users/1/personal_access_tokens";
  return (await gitlab.call<{ token: string }>("POST", path, reader)).token;
}
