import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { findMissingPackages, installPackages } from "./debian-packages.ts";
import { Step } from "./step.ts";

test("a package whose command is on PATH is not missing, all others are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "nginx"), "");
  await writeFile(join(folder, "runc"), "");
  await chmod(join(folder, "nginx"), 0o755);
  const missing = await findMissingPackages("run", folder);
  expect(missing).not.toContain("nginx-light");
  expect(missing).toEqual(expect.arrayContaining(["aptly", "docker-registry", "runc"]));
});

test("what only tests need is missing only for them", async () => {
  expect(await findMissingPackages("run", "/none")).not.toContain("shellcheck");
  expect(await findMissingPackages("test", "/none")).toContain("shellcheck");
});

test("a user who is not root is told the command to run", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  onTestFinished(() => void vi.restoreAllMocks());
  const printed: string[] = [];
  const output = { write: (text: string) => printed.push(text) > 0 } as NodeJS.WritableStream;
  const install = installPackages(["aptly", "runc"], new Step("Debian packages", "/none", output));
  await expect(install).rejects.toMatchObject({
    code: "missing-packages",
    message: expect.stringMatching(/sudo apt-get install .*aptly runc$/),
  });
  expect(printed.join("")).toBe("toolchain: Debian packages ... missing\n");
});
