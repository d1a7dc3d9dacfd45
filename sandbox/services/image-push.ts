import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import type { Layer } from "./root-filesystem.ts";

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.oci.image.config.v1+json";
const layerType = "application/vnd.oci.image.layer.v1.tar+gzip";

/** Whether a registry has an image under a tag. */
export async function hasImage(registry: string, name: string, tag: string): Promise<boolean> {
  const response = await fetch(`http://${registry}/v2/${name}/manifests/${tag}`, {
    method: "HEAD",
    headers: { Accept: manifestType },
  });
  if (response.status === 404) return false;
  return expectSuccess(response).ok;
}

/**
 * Pushes an image of one layer.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-monolithically
 * @param registry Host and port of a registry that speaks plain HTTP.
 */
export async function pushImage(
  registry: string,
  name: string,
  tag: string,
  layer: Layer,
): Promise<void> {
  const repository = `http://${registry}/v2/${name}`;
  const config = JSON.stringify({
    created: "1970-01-01T00:00:00Z",
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: { Cmd: ["/bin/bash"] },
    rootfs: { type: "layers", diff_ids: [layer.diffId] },
  });
  await pushBlob(repository, layer.digest, await openAsBlob(layer.file));
  await pushBlob(repository, digestOf(config), new Blob([config]));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: configType, digest: digestOf(config), size: Buffer.byteLength(config) },
    layers: [{ mediaType: layerType, digest: layer.digest, size: layer.size }],
  });
  const headers = { "Content-Type": manifestType };
  expectSuccess(
    await fetch(`${repository}/manifests/${tag}`, { method: "PUT", headers, body: manifest }),
  );
}

async function pushBlob(repository: string, digest: string, content: Blob): Promise<void> {
  const upload = expectSuccess(await fetch(`${repository}/blobs/uploads/`, { method: "POST" }));
  const target = new URL(upload.headers.get("Location") ?? "", repository);
  target.searchParams.set("digest", digest);
  const headers = { "Content-Type": "application/octet-stream" };
  expectSuccess(await fetch(target, { method: "PUT", headers, body: content }));
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function expectSuccess(response: Response): Response {
  if (response.ok) return response;
  throw new Error(`registry: ${new URL(response.url).pathname} answered ${response.status}`);
}
