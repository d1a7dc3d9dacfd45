import { join } from "node:path";
import { BackgroundProcess } from "./background-process.ts";
import { ensureCredentials } from "./credentials.ts";
import type { SandboxLayout } from "./layout.ts";
import { checkPortIsFree, type SandboxPorts } from "./ports.ts";
import { answersHttp } from "./probe.ts";
import type { Service } from "./service.ts";

/** The GitLab-shaped server of this folder's parent, as a process of its own. */
export function gitlabService(layout: SandboxLayout, ports: SandboxPorts): Service {
  const address = `http://127.0.0.1:${ports.gitlab}`;
  const server = join(import.meta.dirname, "../gitlab-server.ts");
  const daemon = new BackgroundProcess(layout, {
    name: "gitlab",
    command: "node",
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
