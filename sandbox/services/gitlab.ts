import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BackgroundProcess } from "./background-process.ts";
import { ensureCredentials } from "./credentials.ts";
import type { SandboxLayout } from "./layout.ts";
import { checkPortIsFree, type SandboxPorts } from "./ports.ts";
import { answersHttp } from "./probe.ts";
import type { Service } from "./service.ts";

/**
 * The GitLab-shaped server as a process of its own.
 * @param code The folder of the server's code. Default: `gitlab/` beside this folder.
 */
export function gitlabService(
  layout: SandboxLayout,
  ports: SandboxPorts,
  code = join(import.meta.dirname, "../gitlab"),
): Service {
  const address = `http://127.0.0.1:${ports.gitlab}`;
  const server = join(code, "gitlab-server.ts");
  const daemon = new BackgroundProcess(layout, {
    name: "gitlab",
    command: "node",
    configuration: readCode(code),
    arguments: [server, layout.gitlab, String(ports.gitlab), layout.credentials],
    probe: answersHttp(`${address}/api/v4/version`),
  });
  return {
    name: "gitlab",
    start: () =>
      daemon.ensure(async () => {
        await checkPortIsFree("gitlab", ports.gitlab);
        await ensureCredentials(layout.credentials);
      }),
    stop: () => daemon.stop(),
    status: () => daemon.status(address),
  };
}

/** All code of the server, so that one which was started before an update is replaced. */
function readCode(folder: string): string {
  const files = globSync("**/*.ts", { cwd: folder, exclude: ["**/*.test.ts"] }).sort();
  return files.map((file) => readFileSync(join(folder, file), "utf8")).join("");
}
