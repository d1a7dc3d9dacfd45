import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { sceneForTest } from "./scene.ts";

test("a token, a password and an address that are new in the stack's configuration hold for the next plain up", async () => {
  const { servers, stack } = await sceneForTest();
  const { gitlab, environment } = servers;
  const first = await createToken(servers.gitlab);
  const old = await openDoor(environment.APTLY_URL ?? "");
  const settings = { "gitlab:token": first.token, "aptly:url": `${old.origin}/api` };
  stack.connect({ GITLAB_TOKEN: "", APTLY_URL: "" });
  await stack.configure(settings);
  expect(await stack.up()).toMatchObject({ succeeded: true });

  const second = await createToken(gitlab);
  gitlab.sandbox.store.accessTokens.delete(gitlab.sandbox.store.accessTokens.require(first.id));
  const moved = await openDoor(environment.APTLY_URL ?? "");
  old.close();
  await stack.configure({ "gitlab:token": second.token, "aptly:url": `${moved.origin}/api` });
  const unchanged = await stack.up();
  expect(unchanged, unchanged.text).toMatchObject({ succeeded: true });
  expect(unchanged.text).not.toContain(second.token);

  await gitlab.call("PUT", "/projects/infra%2Fying", { build_git_strategy: "fetch" });
  const repaired = await stack.up();
  expect(repaired.steps, repaired.text).toEqual({
    "Project ying-project": "update buildGitStrategy",
  });
});

function createToken(gitlab: { call<T>(method: string, path: string, body?: object): Promise<T> }) {
  const body = { name: "stack", scopes: ["api"] };
  return gitlab.call<{ id: number; token: string }>(
    "POST",
    "/users/1/personal_access_tokens",
    body,
  );
}

/** Another address of the same server. */
async function openDoor(url: string): Promise<{ origin: string; close(): void }> {
  const { hostname, port } = new URL(url);
  const door: Server = createServer((from, to) => {
    const { method, url: path, headers } = from;
    const onward = request({ hostname, port, method, path, headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    from.pipe(onward);
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const close = () => {
    door.closeAllConnections();
    door.close();
  };
  onTestFinished(close);
  return { origin: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, close };
}
