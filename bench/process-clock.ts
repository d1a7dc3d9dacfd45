import { writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Loaded into every Node.js process of a benchmark by NODE_OPTIONS: on its way out the process writes
 * what it was and the CPU seconds that it used.
 */
const folder = process.env.TRUNKLINE_BENCH_CLOCKS;

function role(): string | undefined {
  const program = process.argv[1] ?? "";
  if (/@pulumi\/pulumi\/cmd\/run(\/|$)/.test(program)) return "program";
  return /plugins\/(gitlab|aptly)\/main\.ts$/.test(program) ? "plugins" : undefined;
}

const known = role();
if (folder && known) {
  process.on("exit", () => {
    const { user, system } = process.cpuUsage();
    const file = join(folder, `${known}-${process.pid}.json`);
    writeFileSync(file, JSON.stringify({ role: known, seconds: (user + system) / 1e6 }));
  });
  // The engine ends its plugins with a signal, which would skip the exit.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit());
}
