import { z } from "zod";
import { fromId, toId, toNumber } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, sameSet, type ValuesOf } from "../../kit/property.ts";
import { kind } from "../declare.ts";
import { checkExpiry } from "../expiry.ts";
import { reportTwins, tellingToken } from "../lost-token.ts";
import { tokenInputs } from "../token-inputs.ts";

const scopes = [
  "read_repository",
  "read_registry",
  "write_registry",
  "read_virtual_registry",
  "write_virtual_registry",
  "read_package_registry",
  "write_package_registry",
] as const;

const inputs = {
  ...tokenInputs(scopes),
  username: prop(
    z.string().optional(),
    "The user name that goes with it. GitLab's default: `gitlab+deploy-token-<number>`.",
    { replace: true, computed: true },
  ),
  expiresAt: prop(
    z.iso
      .datetime({ offset: true, message: "must be a time like 2027-01-31T00:00:00Z" })
      .optional(),
    "When it stops working, as in RFC 3339: `2027-01-31T00:00:00Z`. Default: never.",
    { replace: true, same: sameMoment },
  ),
  validatePastExpirationDate: prop(
    z.boolean().default(false),
    "Refuses an `expiresAt` that is past. Default: false.",
    { passive: true },
  ),
} satisfies Properties;

type Inputs = ValuesOf<typeof inputs>;

interface Row {
  readonly id: number;
  readonly name: string;
  readonly username: string;
  readonly expires_at: string | null;
  readonly scopes: Inputs["scopes"];
  readonly revoked: boolean;
  readonly expired: boolean;
}

/** https://docs.gitlab.com/api/deploy_tokens/ */
export const projectDeployToken = kind({
  token: "gitlab:index/projectDeployToken:ProjectDeployToken",
  doc: "A user name and password for a project's repository, registry and packages. Import: `<project>:<token number>`; GitLab then does not tell the token.",
  example: `
const reader = new gitlab.ProjectDeployToken("reader", {
  project: "infra/datahook",
  scopes: ["read_repository"],
  expiresAt: "2030-01-01T00:00:00Z",
});
export const password = reader.token;
`,
  autoName: "name",
  inputs,
  outputs: {
    token: prop(z.string(), "The password, `gldt-…`. Told at creation only.", {
      secret: true,
      stable: true,
    }),
    expired: prop(z.boolean(), "Whether `expiresAt` is past."),
    revoked: prop(z.boolean(), "Whether somebody revoked it."),
  },
  check: checkExpiry,

  async create(wanted, api) {
    const { project, name, scopes, username, expiresAt } = wanted;
    const url = path`/projects/${project}/deploy_tokens`;
    await reportTwins(api, url, (row: Row) => isTwin(wanted, row));
    const body = { name, scopes, username, expires_at: expiresAt };
    const row = await tellingToken(() => api.post<Row & { token: string }>(url, body));
    const state = { ...wanted, ...fromRow(row), token: row.token };
    return { id: toId(project, row.id), state };
  },

  async read(id, api) {
    const { project, number } = fromTokenId(id);
    const rows = await api.rows<Row>(path`/projects/${project}/deploy_tokens`);
    const row = rows?.find((each) => each.id === number);
    // A revoked token never works again, so the next update makes another one.
    if (!row || row.revoked) return undefined;
    return { id, state: { project, ...fromRow(row) } };
  },

  async delete(id, api) {
    const { project, number } = fromTokenId(id);
    await api.remove(path`/projects/${project}/deploy_tokens/${number}`);
  },
});

/** Another that can be used and that nothing tells from this one. */
function isTwin({ name, scopes, expiresAt }: Inputs, row: Row): boolean {
  const isUsable = !row.revoked && !row.expired;
  const end = row.expires_at ?? undefined;
  return isUsable && row.name === name && sameSet(row.scopes, scopes) && sameEnd(expiresAt, end);
}

function fromTokenId(id: string) {
  const { project, token } = fromId("ProjectDeployToken", id, ["project", "token"]);
  return { project, number: toNumber("ProjectDeployToken", id, token) };
}

function fromRow(row: Row) {
  return {
    name: row.name,
    username: row.username,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    revoked: row.revoked,
    expired: row.expired,
  };
}

function sameEnd(a?: string, b?: string): boolean {
  return a === b || sameMoment(a, b);
}

function sameMoment(a?: string, b?: string): boolean {
  return Date.parse(a ?? "") === Date.parse(b ?? "");
}
