import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { BackgroundProcess } from "./background-process.ts";
import { mayRunContainers, type ReadProcessStatus } from "./container-privilege.ts";
import type { SandboxLayout } from "./layout.ts";
import { acceptsConnections } from "./probe.ts";
import { SandboxError } from "./sandbox-error.ts";
import type { Service } from "./service.ts";

/**
 * A Docker engine of the sandbox's own, for machines on which none answers. Its containers have the
 * host's network or none, so it needs neither a bridge nor firewall rules; it takes images from a
 * registry on 127.0.0.1 whatever its certificate, as every engine does.
 * https://docs.docker.com/reference/cli/dockerd/
 * @param readProcessStatus Where the privileges are read. Default: the kernel's own report.
 */
export function dockerService(
  layout: SandboxLayout,
  readProcessStatus?: ReadProcessStatus,
): Service {
  const daemon = new BackgroundProcess(layout, {
    name: "docker",
    command: "dockerd",
    arguments: [
      ...["--host", `unix://${layout.dockerSocket}`],
      ...["--data-root", join(layout.dockerEngine, "data")],
      ...["--exec-root", layout.dockerRuntime],
      ...["--pidfile", join(layout.dockerEngine, "pid")],
      ...["--bridge", "none", "--iptables=false", "--ip6tables=false"],
      ...["--shutdown-timeout", "5"],
    ],
    probe: acceptsConnections(layout.dockerSocket),
  });
  return {
    name: "docker",
    start: () =>
      daemon.ensure(async () => {
        if (!(await mayRunContainers(readProcessStatus))) {
          throw new SandboxError("no-privilege", noPrivilege);
        }
        await mkdir(layout.dockerEngine, { recursive: true, mode: 0o700 });
      }),
    async stop() {
      await daemon.stop();
      await unmountBelow(layout.dockerEngine);
      await unmountBelow(layout.dockerRuntime);
      await rm(layout.dockerRuntime, { recursive: true, force: true });
    },
    async status() {
      return (await mayRunContainers(readProcessStatus))
        ? daemon.status(`unix://${layout.dockerSocket}`)
        : { state: "unavailable", detail: noPrivilege };
    },
  };
}

const noPrivilege =
  "sandbox: no Docker engine answers, and none can be started here, because this user lacks the capability CAP_SYS_ADMIN. Start Docker and let this user use it, or run as root.";

/** An engine that ends leaves its network's namespace mounted, and so its folder undeletable. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  const points = mounts.map((line) => line.split(" ")[1] ?? "");
  const own = points.filter((point) => point.startsWith(`${folder}/`));
  for (const point of own.toReversed()) await execa("umount", [point]);
}
