import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readLogin } from "./docker-login.ts";
import { findRefusal } from "./registry-access.ts";

const right = { username: "ci", password: "right" };
const wrong = { username: "ci", password: "wrong" };
const header = `Basic ${Buffer.from("ci:right").toString("base64")}`;

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A registry that checks the password itself. */
const closed: RequestListener = ({ headers }, answer) => {
  const status = headers.authorization === header ? 200 : 401;
  answer.writeHead(status, { "www-authenticate": 'Basic realm="registry"' }).end();
};

/** One that sends its callers to another server for a token, as GitLab's does. */
const withTokens: RequestListener = ({ url = "", headers }, answer) => {
  const realm = `http://${headers.host}/jwt/auth`;
  if (url === "/v2/") {
    const challenge = `Bearer realm="${realm}",service="container_registry"`;
    answer.writeHead(401, { "www-authenticate": challenge }).end();
    return;
  }
  const { pathname, searchParams } = new URL(url, realm);
  const asked = [pathname, searchParams.get("service"), searchParams.get("scope")].join(" ");
  const isRight = asked === "/jwt/auth container_registry repository:infra/builder:pull,push";
  answer.writeHead(isRight ? (headers.authorization === header ? 200 : 403) : 404).end("{}");
};

describe.each([
  ["its own passwords", closed],
  ["tokens from elsewhere", withTokens],
] as const)("a registry with %s", (_, listener) => {
  const ask = async (login?: typeof right) => {
    const host = await serve(listener);
    return (await findRefusal({ host, path: "infra" }, login))?.replaceAll(host, "HOST");
  };

  it("takes the right login", async () => {
    expect(await ask(right)).toBeUndefined();
  });

  it("refuses another, which is told without the password", async () => {
    const refusal = await ask(wrong);
    expect(refusal).toMatch(/^it refuses the login of ci \(40[13]\)\. Run: docker login HOST$/);
  });

  it("wants one where docker has none", async () => {
    const words = "it wants a login, and docker has none for it. Run: docker login HOST";
    expect(await ask()).toBe(words);
  });
});

it("needs no login at a registry that is open", async () => {
  const host = await serve((_, answer) => void answer.end());
  expect(await findRefusal({ host, path: "" }, undefined)).toBeUndefined();
});

it("is told that a registry cannot be reached", async () => {
  const refusal = await findRefusal({ host: "127.0.0.1:1", path: "" }, right);
  expect(refusal).toMatch(/cannot be reached from here \(.+\); the login was not checked/);
});

describe("what docker login keeps", () => {
  async function read(config: object, host = "registry.example.com") {
    const folder = await mkdtemp(join(tmpdir(), "trunkline-docker-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    const helper = join(folder, "docker-credential-safe");
    const answer = `{"Username":"ci","Secret":"of-'$host'"}`;
    await writeFile(helper, `#!/bin/sh\nread -r host || :\nprintf '%s' '${answer}'\n`);
    await chmod(helper, 0o755);
    return readLogin(host, { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH}` });
  }
  const auth = Buffer.from("ci:a:b").toString("base64");

  it("is read by host, also where it was given as an address", async () => {
    const login = { username: "ci", password: "a:b" };
    expect(await read({ auths: { "registry.example.com": { auth } } })).toEqual(login);
    expect(await read({ auths: { "https://registry.example.com/v1/": { auth } } })).toEqual(login);
  });

  it("is asked of its keeper", async () => {
    const login = { username: "ci", password: "of-registry.example.com" };
    expect(await read({ credsStore: "safe" })).toEqual(login);
    expect(await read({ credHelpers: { "registry.example.com": "safe" } })).toEqual(login);
  });

  it("is nothing for another host, nor from a keeper who does not answer", async () => {
    expect(await read({ auths: { "other.example.com": { auth } } })).toBeUndefined();
    expect(await read({ credsStore: "missing" })).toBeUndefined();
  });
});
