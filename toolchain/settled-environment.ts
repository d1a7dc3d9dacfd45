import { toSettledEnvironment } from "./environment.ts";

/**
 * Imported first by every program that make or npm runs: it settles this process's own environment,
 * which its children have from it, before another module reads a variable.
 */
const settled = toSettledEnvironment(process.env);
for (const name of Object.keys(process.env)) {
  if (!(name in settled)) delete process.env[name];
}
Object.assign(process.env, settled);

// Services that give up their rights must be able to read what is written for them; what is secret
// gets a mode of its own.
process.umask(0o022);
