import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { readDebianMirror } from "./debian-mirror.ts";
import type { SandboxLayout } from "./layout.ts";
import type { SandboxPorts } from "./ports.ts";
import { RegistryClient } from "./registry-client.ts";
import { ensureRootFilesystem } from "./root-filesystem.ts";
import { SandboxError } from "./sandbox-error.ts";
import type { Service, StartOutcome } from "./service.ts";

/** What is made into base images. */
export interface BaseImagesArgs {
  /** Debian releases; each becomes `debian:<codename>`. */
  codenames: readonly string[];
  /** The folder that keeps finished file systems, shared between sandboxes. */
  cache: string;
}

/** The images that builder images start from, put into the sandbox's registry when missing. */
export function baseImagesService(
  layout: SandboxLayout,
  ports: SandboxPorts,
  { codenames, cache }: BaseImagesArgs,
): Service {
  const address = `127.0.0.1:${ports.registry}`;
  const registry = new RegistryClient(layout, address);
  const images = codenames.map((codename) => `${address}/debian:${codename}`).join(", ");
  return {
    name: "base-images",
    async start() {
      let outcome: StartOutcome = "left-alone";
      for (const codename of codenames) {
        if (await registry.has("debian", codename)) continue;
        await make(codename);
        outcome = "started";
      }
      return outcome;
    },
    stop: () => Promise.resolve(),
    async status() {
      if (!(await registry.answers())) {
        return { state: "stopped", detail: "the registry is not running" };
      }
      const found = await Promise.all(codenames.map((tag) => registry.has("debian", tag)));
      return found.every(Boolean)
        ? { state: "running", detail: images }
        : { state: "stopped", detail: "not in the registry" };
    },
  };

  async function make(codename: string): Promise<void> {
    await mkdir(layout.logs, { recursive: true });
    const log = join(layout.logs, `base-image-${codename}.log`);
    try {
      const mirror = await readDebianMirror();
      const layer = await ensureRootFilesystem(codename, mirror, cache, log);
      await registry.push("debian", codename, layer);
    } catch (cause) {
      if (cause instanceof SandboxError) throw cause;
      const message = `sandbox: the base image debian:${codename} could not be made. Its log ${log} says why.`;
      throw new SandboxError("start-failed", message, { cause });
    }
  }
}
