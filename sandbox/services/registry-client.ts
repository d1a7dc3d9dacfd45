import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { readFile } from "node:fs/promises";
import { Agent, fetch, type RequestInit, type Response } from "undici";
import type { SandboxLayout } from "./layout.ts";
import type { Layer } from "./root-filesystem.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

/**
 * What the sandbox asks of its registry, whose certificate it trusts.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export class RegistryClient {
  readonly #certificate: string;
  readonly #url: string;
  #agent: Agent | undefined;

  /** @param address Host and port, as image names begin. */
  constructor(layout: SandboxLayout, address: string) {
    this.#certificate = layout.registryCertificate;
    this.#url = `https://${address}/v2/`;
  }

  /** Whether it answers by now. */
  async answers(): Promise<boolean> {
    return this.fetch("", { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
  }

  /** Whether it has an image under a tag. */
  async has(name: string, tag: string): Promise<boolean> {
    const headers = { Accept: manifestType };
    const response = await this.fetch(`${name}/manifests/${tag}`, { method: "HEAD", headers });
    return response.status === 404 ? false : expectSuccess(response).ok;
  }

  /** Pushes an image of one layer. */
  async push(name: string, tag: string, layer: Layer): Promise<void> {
    const config = JSON.stringify({
      created: "1970-01-01T00:00:00Z",
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: { Cmd: ["/bin/bash"] },
      rootfs: { type: "layers", diff_ids: [layer.diffId] },
    });
    await this.#pushBlob(name, layer.digest, await openAsBlob(layer.file));
    await this.#pushBlob(name, digestOf(config), new Blob([config]));
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: { mediaType: configType, digest: digestOf(config), size: Buffer.byteLength(config) },
      layers: [{ mediaType: layerType, digest: layer.digest, size: layer.size }],
    });
    const headers = { "Content-Type": manifestType };
    expectSuccess(await this.fetch(`${name}/manifests/${tag}`, { method: "PUT", headers, body }));
  }

  /** @param path Relative to the API's `/v2/`, or a whole address. */
  async fetch(path: string, init?: RequestInit): Promise<Response> {
    this.#agent ??= new Agent({ connect: { ca: await readFile(this.#certificate, "utf8") } });
    return fetch(new URL(path, this.#url), { ...init, dispatcher: this.#agent });
  }

  async #pushBlob(name: string, digest: string, content: Blob): Promise<void> {
    const upload = expectSuccess(await this.fetch(`${name}/blobs/uploads/`, { method: "POST" }));
    const target = new URL(upload.headers.get("Location") ?? "", this.#url);
    target.searchParams.set("digest", digest);
    const headers = { "Content-Type": "application/octet-stream" };
    expectSuccess(await this.fetch(target.href, { method: "PUT", headers, body: content }));
  }
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function expectSuccess(response: Response): Response {
  if (response.ok) return response;
  throw new Error(`registry: ${new URL(response.url).pathname} answered ${response.status}`);
}
