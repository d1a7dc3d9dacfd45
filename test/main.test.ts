import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test, vi } from "vitest";
import TestSummary from "./summary.ts";

/** Runs the script with programs of these exit codes in place of npm and vitest. */
async function runWith(codes: { readonly npm: number; readonly vitest: number }) {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-test-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, code] of Object.entries(codes)) {
    const file = join(folder, name);
    await writeFile(
      file,
      `#!/bin/sh\necho "${name} $1, lint \${TRUNKLINE_LINT:-}"\nexit ${code}\n`,
    );
    await chmod(file, 0o755);
  }
  // These tests themselves run after a lint.
  const env = { PATH: [folder, process.env.PATH].join(delimiter), TRUNKLINE_LINT: "" };
  const script = join(import.meta.dirname, "main.ts");
  return execa(process.execPath, [script], { env, reject: false });
}

test.each([
  { npm: 0, vitest: 0, exitCode: 0, lint: "passed" },
  { npm: 1, vitest: 0, exitCode: 1, lint: "failed" },
  { npm: 0, vitest: 1, exitCode: 1, lint: "passed" },
])(
  "with the lint's code $npm and the tests' $vitest all runs and ends with $exitCode",
  async ({ exitCode, lint, ...codes }) => {
    const run = await runWith(codes);
    expect(run.stdout.split("\n")).toEqual(["npm run, lint ", `vitest run, lint ${lint}`]);
    expect(run.exitCode).toBe(exitCode);
  },
);

test.each([
  ["passed", "0 passed, 0 failed, 0 skipped\n"],
  ["failed", "failed: the lint, as it says before the tests\n0 passed, 1 failed, 0 skipped\n"],
])("the counts are the last line, and count a lint that has %s", (lint, text) => {
  vi.stubEnv("TRUNKLINE_LINT", lint);
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    write.mockRestore();
  });
  new TestSummary().onTestRunEnd([], []);
  expect(write.mock.calls.join("")).toBe(text);
});
