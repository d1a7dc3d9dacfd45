import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BackgroundProcess } from "./background-process.ts";
import type { SandboxLayout } from "./layout.ts";
import { acceptsConnections } from "./probe.ts";
import type { Service } from "./service.ts";
import { ensureSigningKey, stopKeyAgent } from "./signing-key.ts";

/**
 * aptly's API on a Unix socket that only the sandbox's own nginx is given: aptly itself asks
 * nobody for a password. https://www.aptly.info/doc/api/
 * @param command The program. Default: `aptly` on `PATH`.
 */
export function aptlyService(layout: SandboxLayout, command = "aptly"): Service {
  const configuration = renderConfiguration(layout);
  const file = join(layout.aptly, "aptly.conf");
  const daemon = new BackgroundProcess(layout, {
    name: "aptly",
    command,
    arguments: [`-config=${file}`, "api", "serve", `-listen=unix://${layout.aptlySocket}`],
    environment: { GNUPGHOME: layout.gnupgHome },
    configuration,
    probe: acceptsConnections(layout.aptlySocket),
  });
  return {
    name: "aptly",
    start: () =>
      daemon.ensure(async () => {
        await mkdir(layout.aptly, { recursive: true });
        await ensureSigningKey(layout);
        await writeFile(file, configuration);
        await rm(layout.aptlySocket, { force: true });
      }),
    async stop() {
      await daemon.stop();
      await stopKeyAgent(layout);
    },
    status: () => daemon.status(layout.aptlySocket),
  };
}

/** https://www.aptly.info/doc/configuration/ */
function renderConfiguration(layout: SandboxLayout): string {
  return JSON.stringify({ rootDir: layout.aptly, gpgProvider: "gpg", ppaDistributorID: "debian" });
}
