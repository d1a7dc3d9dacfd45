import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { BackgroundProcess } from "./background-process.ts";
import type { SandboxLayout } from "./layout.ts";
import { checkPortIsFree, type SandboxPorts } from "./ports.ts";
import { ensureRegistryCertificate } from "./registry-certificate.ts";
import { RegistryClient } from "./registry-client.ts";
import type { Service } from "./service.ts";

/**
 * An image registry without passwords, reachable on this machine alone. It speaks HTTPS, since the
 * docker-build plugin looks its images up over nothing else.
 */
export function registryService(layout: SandboxLayout, ports: SandboxPorts): Service {
  const address = `127.0.0.1:${ports.registry}`;
  const configuration = renderConfiguration(layout, address);
  const file = join(layout.registry, "config.yml");
  const daemon = new BackgroundProcess(layout, {
    name: "registry",
    command: "docker-registry",
    arguments: ["serve", file],
    configuration,
    probe: () => new RegistryClient(layout, address).answers(),
  });
  return {
    name: "registry",
    start: () =>
      daemon.ensure(async () => {
        await checkPortIsFree("registry", ports.registry);
        await mkdir(layout.registry, { recursive: true });
        await ensureRegistryCertificate(layout);
        await writeFile(file, configuration);
      }),
    stop: () => daemon.stop(),
    status: () => daemon.status(address),
  };
}

/** https://distribution.github.io/distribution/about/configuration/ */
function renderConfiguration(layout: SandboxLayout, address: string): string {
  return stringify({
    version: 0.1,
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(layout.registry, "data") },
      delete: { enabled: true },
    },
    http: {
      addr: address,
      tls: { certificate: layout.registryCertificate, key: layout.registryKey },
    },
  });
}
