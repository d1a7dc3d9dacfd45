import { createServer } from "node:net";
import { SandboxError } from "./sandbox-error.ts";

/** The TCP ports of the sandbox, all on 127.0.0.1. */
export interface SandboxPorts {
  gitlab: number;
  aptly: number;
  apt: number;
  registry: number;
}

const defaults: SandboxPorts = { gitlab: 8929, aptly: 8083, apt: 8084, registry: 5050 };

/** The environment variable that overrides a port. */
export function portVariable(name: keyof SandboxPorts): string {
  return `TRUNKLINE_${name.toUpperCase()}_PORT`;
}

/**
 * The default ports with the overrides of an environment.
 * @throws SandboxError `invalid-port` when an override is not a port.
 */
export function readPorts(environment: NodeJS.ProcessEnv = process.env): SandboxPorts {
  const port = (name: keyof SandboxPorts) => readPort(name, environment[portVariable(name)]);
  return {
    gitlab: port("gitlab"),
    aptly: port("aptly"),
    apt: port("apt"),
    registry: port("registry"),
  };
}

function readPort(name: keyof SandboxPorts, override: string | undefined): number {
  if (override === undefined) return defaults[name];
  const port = Number(override);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new SandboxError(
    "invalid-port",
    `sandbox: ${portVariable(name)} is "${override}". Set it to a port from 1 to 65535.`,
  );
}

/** Ports that nobody listens on at this moment. */
export async function findFreePorts(): Promise<SandboxPorts> {
  const servers = await Promise.all([listen(0), listen(0), listen(0), listen(0)]);
  const [gitlab, aptly, apt, registry] = servers.map(({ port }) => port) as [
    number,
    number,
    number,
    number,
  ];
  await Promise.all(servers.map(({ close }) => close()));
  return { gitlab, aptly, apt, registry };
}

/**
 * Makes sure that a service can have its port.
 * @throws SandboxError `port-in-use` naming the variable to set.
 */
export async function checkPortIsFree(name: keyof SandboxPorts, port: number): Promise<void> {
  try {
    await (await listen(port)).close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw new SandboxError(
      "port-in-use",
      `sandbox: port ${port} for ${name} is in use by another program. Stop it, or set ${portVariable(name)} to a free port.`,
      { cause },
    );
  }
}

function listen(port: number): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") {
        throw new Error("a TCP server has no port");
      }
      resolve({
        port: address.port,
        close: () => new Promise((closed) => server.close(() => closed())),
      });
    });
  });
}
