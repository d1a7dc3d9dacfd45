import { z } from "zod";
import { prop } from "../../kit/property.ts";
import { lookup } from "../declare.ts";

const kas = z
  .object({
    enabled: z.boolean().describe("Whether there is one."),
    externalUrl: z.string().describe("Where agents reach it; empty when there is none."),
    externalK8sProxyUrl: z.string().describe("Where its Kubernetes proxy is; empty when none."),
    version: z.string().describe("Its version; empty when there is none."),
  })
  .meta({ id: "getMetadataKas", description: "The server for Kubernetes agents." });

/** https://docs.gitlab.com/api/metadata/ */
export const getMetadata = lookup({
  token: "gitlab:index/getMetadata:getMetadata",
  doc: "Version and edition of the GitLab server.",
  example: `
export const version = gitlab.getMetadataOutput().version;
`,
  inputs: {},
  outputs: {
    id: prop(z.string(), "Always `1`."),
    version: prop(z.string(), "The version: `18.5.0`."),
    revision: prop(z.string(), "The commit it was built from."),
    enterprise: prop(z.boolean(), "True for the Enterprise Edition, whatever its license."),
    kas: prop(kas, "The server for Kubernetes agents."),
  },

  async call(_inputs, api) {
    const { version, revision, enterprise, kas } = await api.metadata();
    return {
      id: "1",
      version,
      revision,
      enterprise,
      kas: {
        enabled: kas.enabled,
        externalUrl: kas.externalUrl ?? "",
        externalK8sProxyUrl: kas.externalK8sProxyUrl ?? "",
        version: kas.version ?? "",
      },
    };
  },
});
