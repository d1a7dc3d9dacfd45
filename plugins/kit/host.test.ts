import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";

const plugin = join(import.meta.dirname, "../gitlab/main.ts");

it("prints its port, and leaves when the engine that started it is killed", async () => {
  const start = `import { spawn } from "node:child_process";
    const plugin = spawn(process.execPath, [${JSON.stringify(plugin)}], { stdio: ["ignore", "pipe", "inherit"] });
    process.stdout.write(plugin.pid + "\\n");
    plugin.stdout.pipe(process.stdout);`;
  const engine = spawn(process.execPath, ["--input-type=module", "--eval", start]);
  const lines = createInterface(engine.stdout)[Symbol.asyncIterator]();
  const pid = Number((await lines.next()).value);
  const port = Number((await lines.next()).value);
  expect(port).toBeGreaterThan(0);
  engine.kill("SIGKILL");
  await once(engine, "exit");
  while (await isRunning(pid)) await setTimeout(50);
});

function isRunning(pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "stat=", "-p", String(pid)], (_, stdout) => {
      resolve(stdout.trim() !== "" && !stdout.startsWith("Z"));
    });
  });
}
