/** Metadata and version. https://docs.gitlab.com/api/metadata/ */
import type { FastifyInstance } from "fastify";

const version = "18.5.0";
const revision = "1b8c4d5e6f7";

export function metadataRoutes(api: FastifyInstance): void {
  api.get("/metadata", { config: { scopes: ["read_user"] } }, () => ({
    version,
    revision,
    kas: { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null },
    enterprise: false,
  }));

  api.get("/version", { config: { scopes: ["read_user"] } }, () => ({ version, revision }));
}
