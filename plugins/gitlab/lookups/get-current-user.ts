import { z } from "zod";
import { prop } from "../../kit/property.ts";
import { lookup } from "../declare.ts";

interface Namespace {
  readonly id: number;
  readonly kind: "user" | "group";
  readonly path: string;
}

/** https://docs.gitlab.com/api/users/#retrieve-the-current-user and https://docs.gitlab.com/api/namespaces/ */
export const getCurrentUser = lookup({
  token: "gitlab:index/getCurrentUser:getCurrentUser",
  doc: "The user whose token the provider uses.",
  example: `
export const user = gitlab.getCurrentUserOutput().username;
`,
  inputs: {},
  outputs: {
    id: prop(z.string(), "The number of the user."),
    globalId: prop(z.string(), "The same for GraphQL: `gid://gitlab/User/1`."),
    username: prop(z.string(), "What follows the `@`."),
    name: prop(z.string(), "The full name."),
    publicEmail: prop(z.string(), "The address shown to all; empty when none is."),
    bot: prop(z.boolean(), "Whether it belongs to a project or group access token."),
    namespaceId: prop(z.string(), "The number of the user's own namespace; empty for bots."),
    globalNamespaceId: prop(z.string(), "The same for GraphQL; empty for bots."),
    groupCount: prop(z.int(), "How many groups the user can see as namespaces."),
  },

  async call(_inputs, api) {
    const user = await api.user();
    const namespaces = (await api.rows<Namespace>("/namespaces")) ?? [];
    const own = namespaces.find(({ kind, path }) => kind === "user" && path === user.username);
    return {
      id: `${user.id}`,
      globalId: `gid://gitlab/User/${user.id}`,
      username: user.username,
      name: user.name,
      publicEmail: user.public_email ?? "",
      bot: user.bot,
      namespaceId: own ? `${own.id}` : "",
      globalNamespaceId: own ? `gid://gitlab/Namespaces::UserNamespace/${own.id}` : "",
      groupCount: namespaces.filter(({ kind }) => kind === "group").length,
    };
  },
});
