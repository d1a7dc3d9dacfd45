import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { RunningSandbox } from "../../sandbox/services/sandbox.ts";
import { run } from "./commands.ts";
import { startForTest, temporaryFolder } from "./sandbox-for-test.ts";

describe.each(["aptly", "aptly-1.6"])("%s behind nginx", (aptlyCommand) => {
  const services = ["aptly", "nginx"] as const;

  test("refuses a request without the password or with a wrong one", async () => {
    const { urls } = await startForTest({ services, aptlyCommand });
    const wrong = { headers: { Authorization: `Basic ${btoa("trunkline:wrong")}` } };
    expect((await fetch(`${urls.aptly}/version`)).status).toBe(401);
    expect((await fetch(`${urls.aptly}/version`, wrong)).status).toBe(401);
  });

  test("answers with the version that was asked for", async () => {
    const sandbox = await startForTest({ services, aptlyCommand });
    const { Version } = (await (await call(sandbox, "GET", "/version")).json()) as {
      Version: string;
    };
    const printed = await run(aptlyCommand, ["version"]);
    expect(printed).toContain(Version);
  });

  test("publishes what the key beside the repositories verifies", async () => {
    const sandbox = await startForTest({ services, aptlyCommand });
    await publishEmpty(sandbox);
    const folder = await temporaryFolder();
    const release = await download(sandbox, "trunk/dists/bookworm/InRelease", folder);
    const key = await download(sandbox, "trunkline.asc", folder);
    await run("gpg", ["--batch", "--dearmor", "--output", `${key}.gpg`, key]);
    const verdict = await run("gpgv", ["--status-fd", "1", "--keyring", `${key}.gpg`, release]);
    expect(verdict).toContain(`VALIDSIG ${sandbox.credentials.signingKey}`);
    // 1 is RSA in https://www.rfc-editor.org/rfc/rfc9580#section-9.1
    const listing = await run("gpg", ["--with-colons", "--show-keys", key]);
    expect(listing.split("\n")[0]?.split(":").slice(2, 4)).toEqual(["4096", "1"]);
  });

  test("takes an upload larger than nginx's usual limit", async () => {
    const sandbox = await startForTest({ services, aptlyCommand });
    const form = new FormData();
    form.set("file", new Blob([new Uint8Array(40_000_000)]), "big.bin");
    const response = await call(sandbox, "POST", "/files/job-1", form);
    expect(await response.json()).toEqual(["job-1/big.bin"]);
  });

  test("keeps its data, key and password over a stop and a start", async () => {
    const first = await startForTest({ services, aptlyCommand });
    await publishEmpty(first);
    await first.stop();
    const second = await startForTest({ services, aptlyCommand, directory: first.directory });
    const published = await call(second, "GET", "/publish");
    expect(await published.json()).toMatchObject([{ Distribution: "bookworm", Prefix: "trunk" }]);
    expect(second.credentials).toEqual(first.credentials);
  });
});

test("credentials are readable by their owner alone", async () => {
  const { directory } = await startForTest({ services: [] });
  const { mode } = await stat(join(directory, "credentials.json"));
  expect(mode & 0o777).toBe(0o600);
});

async function publishEmpty(sandbox: RunningSandbox): Promise<void> {
  await call(sandbox, "POST", "/repos", { Name: "infra_bookworm" });
  await call(sandbox, "POST", "/publish/trunk", {
    SourceKind: "local",
    Sources: [{ Name: "infra_bookworm" }],
    Distribution: "bookworm",
    Architectures: ["amd64"],
    Signing: { Batch: true },
  });
}

async function call(
  { urls, credentials }: RunningSandbox,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const login = btoa(`${credentials.aptlyUsername}:${credentials.aptlyPassword}`);
  const json = body === undefined || body instanceof FormData ? undefined : JSON.stringify(body);
  const response = await fetch(`${urls.aptly}${path}`, {
    method,
    headers: {
      Authorization: `Basic ${login}`,
      ...(json !== undefined && { "Content-Type": "application/json" }),
    },
    body: body instanceof FormData ? body : json,
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response;
}

async function download({ urls }: RunningSandbox, path: string, folder: string): Promise<string> {
  const response = await fetch(new URL(path, urls.apt));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const file = join(folder, path.replaceAll("/", "_"));
  await writeFile(file, await response.bytes());
  return file;
}
