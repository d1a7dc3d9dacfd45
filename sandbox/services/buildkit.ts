import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "smol-toml";
import { BackgroundProcess } from "./background-process.ts";
import { mayRunContainers, type ReadProcessStatus } from "./container-privilege.ts";
import type { SandboxLayout } from "./layout.ts";
import type { SandboxPorts } from "./ports.ts";
import { acceptsConnections } from "./probe.ts";
import { ensureRegistryCertificate } from "./registry-certificate.ts";
import { SandboxError } from "./sandbox-error.ts";
import type { Service } from "./service.ts";

/** The name of the builder that image builds ask for. */
export const builderName = "trunkline";

/**
 * BuildKit's daemon with runc, and the Docker client configuration that makes it known as the
 * builder `trunkline`.
 * @param readProcessStatus Where the privileges are read. Default: the kernel's own report.
 */
export function buildkitService(
  layout: SandboxLayout,
  ports: SandboxPorts,
  readProcessStatus?: ReadProcessStatus,
): Service {
  const configuration = renderConfiguration(layout, ports);
  const file = join(layout.buildkit, "buildkitd.toml");
  const daemon = new BackgroundProcess(layout, {
    name: "buildkit",
    command: "buildkitd",
    arguments: [
      "--config",
      file,
      "--root",
      layout.buildkit,
      "--addr",
      `unix://${layout.buildkitSocket}`,
    ],
    configuration,
    probe: acceptsConnections(layout.buildkitSocket),
  });
  return {
    name: "buildkit",
    start: () =>
      daemon.ensure(async () => {
        if (!(await mayRunContainers(readProcessStatus))) {
          throw new SandboxError("no-privilege", noPrivilege);
        }
        await mkdir(layout.buildkit, { recursive: true });
        await ensureRegistryCertificate(layout);
        await writeFile(file, configuration);
        await declareBuilder(layout);
      }),
    stop: () => daemon.stop(),
    async status() {
      return (await mayRunContainers(readProcessStatus))
        ? daemon.status(layout.buildkitSocket)
        : { state: "unavailable", detail: noPrivilege };
    },
  };
}

const noPrivilege =
  "sandbox: BuildKit cannot run here, because it starts containers and this user lacks the capability CAP_SYS_ADMIN. Run as root to build images; everything else works without.";

/** https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md */
function renderConfiguration(layout: SandboxLayout, ports: SandboxPorts): string {
  return stringify({
    worker: {
      // The builds reach the registry and the published repositories on this machine's loopback.
      oci: { enabled: true, networkMode: "host", binary: "runc" },
      containerd: { enabled: false },
    },
    registry: {
      // BuildKit takes a registry on the loopback for one of plain HTTP unless it is told otherwise.
      [`127.0.0.1:${ports.registry}`]: { http: false, ca: [layout.registryCertificate] },
    },
  });
}

/** What `docker buildx create --driver remote` would write. */
async function declareBuilder(layout: SandboxLayout): Promise<void> {
  const folder = join(layout.docker, "buildx/instances");
  await mkdir(folder, { recursive: true });
  const node = { Name: `${builderName}0`, Endpoint: `unix://${layout.buildkitSocket}` };
  const builder = { Name: builderName, Driver: "remote", Nodes: [node], Dynamic: false };
  await writeFile(join(folder, builderName), JSON.stringify(builder));
}
