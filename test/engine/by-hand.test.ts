import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { repository, toolchainPath } from "../../toolchain/paths.ts";
import { temporaryFolder } from "../services/sandbox-for-test.ts";

test("with the exports of make env, a setting lands in the stack that was made last", async () => {
  const folder = await temporaryFolder();
  await copyFile(join(repository, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  await mkdir(join(folder, "pulumi/state"), { recursive: true });
  await writeFile(join(folder, "pulumi/passphrase"), "only for this test");
  const exports = await execa("node", [join(repository, "sandbox/commands/env.ts")], {
    env: { TRUNKLINE_SANDBOX_DIR: folder, PATH: toolchainPath() },
  });
  const commands = [
    exports.stdout,
    "pulumi stack select dev --create",
    "pulumi stack init prod",
    "pulumi config set gitlab:baseUrl https://gitlab.example.com/api/v4/",
    "pulumi stack --show-name",
  ];
  const { stdout } = await execa("sh", ["-ec", commands.join("\n")], { cwd: folder });
  expect(stdout).toMatch(/\bprod$/);
  expect(await readFile(join(folder, "Pulumi.prod.yaml"), "utf8")).toContain("gitlab.example.com");
});
