import { stackEnvironment } from "./environment.ts";

/** Prints the environment as commands for a shell: `eval "$(make -s env)"`. */
for (const [name, value] of Object.entries(await stackEnvironment())) {
  process.stdout.write(`export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
}
