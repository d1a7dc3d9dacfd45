import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

const scripts = new URL("../../../pipeline/shell/", import.meta.url);
const credentials: (string | undefined)[] = [];
const server = createServer((request, response) => {
  credentials.push(request.headers.authorization);
  response.end("{}");
});
let url: string;
let script: string;

beforeAll(async () => {
  script = await readFile(new URL("aptly.sh", scripts), "utf8");
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  credentials.length = 0;
});

const request = (path: string, password: string) =>
  execa("sh", ["-c", `set -e\n${script}\nrequest GET "$1"`, "sh", `${url}${path}`], {
    env: { APTLY_URL: `${url}/api`, APTLY_USERNAME: "robinson", APTLY_PASSWORD: password },
  });

it.each(["plain", 'quo"te', "back\\slash", "a b", "ünï", "$HOME `id`", "%s%d"])(
  "the password %j reaches aptly as it is",
  async (password) => {
    await request("/api/version", password);
    const expected = Buffer.from(`robinson:${password}`).toString("base64");
    expect(credentials).toEqual([`Basic ${expected}`]);
  },
);

it("another address on the same server gets no password", async () => {
  await request("/trunk/dists/bookworm/Release", "hunter2");
  await request("/api-docs", "hunter2");
  expect(credentials).toEqual([undefined, undefined]);
});
