import { createHash } from "node:crypto";
import { join } from "node:path";
import { SandboxError } from "./sandbox-error.ts";

/** Where each part of the sandbox keeps its data. */
export interface SandboxLayout {
  root: string;
  aptly: string;
  aptlySocket: string;
  /** The tree of published repositories, served over HTTP. */
  published: string;
  /** The public half of the key that signs them, served beside them. */
  publicKey: string;
  gnupgHome: string;
  buildkit: string;
  buildkitSocket: string;
  /** Certificates alone, all of them to be trusted by who uses this sandbox. */
  certificates: string;
  credentials: string;
  /** The Docker client's configuration: names the builder of images. */
  docker: string;
  /** Data of the Docker engine that runs jobs where no other engine answers. */
  dockerEngine: string;
  /** What that engine keeps while it runs: sockets that lie deep, so it is a short path elsewhere. */
  dockerRuntime: string;
  dockerSocket: string;
  gitlab: string;
  logs: string;
  nginx: string;
  pids: string;
  registry: string;
  registryCertificate: string;
  registryKey: string;
}

/** Linux takes 107 bytes for the path of a socket; gpg-agent puts its own under `gnupg`. */
export const longestRoot = 107 - "/aptly/gnupg/S.gpg-agent.browser".length;

/**
 * The folders of a sandbox.
 * @param root Absolute path of its folder.
 * @throws SandboxError `path-too-long` when sockets could not be opened under it.
 */
export function sandboxLayout(root: string): SandboxLayout {
  if (Buffer.byteLength(root) > longestRoot) {
    throw new SandboxError(
      "path-too-long",
      `sandbox: the folder "${root}" is too deep for Unix sockets. Set TRUNKLINE_SANDBOX_DIR to one of at most ${longestRoot} bytes.`,
    );
  }
  return {
    root,
    aptly: join(root, "aptly"),
    aptlySocket: join(root, "aptly/api.sock"),
    published: join(root, "aptly/public"),
    publicKey: join(root, "aptly/public/trunkline.asc"),
    gnupgHome: join(root, "aptly/gnupg"),
    buildkit: join(root, "buildkit"),
    buildkitSocket: join(root, "buildkit/buildkitd.sock"),
    certificates: join(root, "certificates"),
    credentials: join(root, "credentials.json"),
    docker: join(root, "docker"),
    dockerEngine: join(root, "docker-engine"),
    dockerRuntime: join("/run", `trunkline-${hash(root)}`),
    dockerSocket: join(root, "docker-engine/docker.sock"),
    gitlab: join(root, "gitlab"),
    logs: join(root, "logs"),
    nginx: join(root, "nginx"),
    pids: join(root, "pids"),
    registry: join(root, "registry"),
    registryCertificate: join(root, "certificates/registry.pem"),
    registryKey: join(root, "registry/key.pem"),
  };
}

/** Tells sandboxes of one machine apart. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
