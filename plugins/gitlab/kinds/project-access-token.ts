import { z } from "zod";
import { ConfigError } from "../../../validation/config-error.ts";
import type { Difference } from "../../kit/diff.ts";
import { fromId, toId, toNumber } from "../../kit/ids.ts";
import type { Failure } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, sameSet, type ValuesOf } from "../../kit/property.ts";
import { type AccessLevel, accessLevels, toAccessLevel } from "../access-levels.ts";
import { kind } from "../declare.ts";
import { checkExpiry, toDay } from "../expiry.ts";
import { reportTwins, tellingToken } from "../lost-token.ts";
import { tokenInputs } from "../token-inputs.ts";

const scopes = [
  "api",
  "read_api",
  "read_registry",
  "write_registry",
  "read_repository",
  "write_repository",
  "create_runner",
  "manage_runner",
  "ai_features",
  "k8s_proxy",
  "read_observability",
  "write_observability",
  "self_rotate",
] as const;

const rotation = z
  .object({
    expirationDays: z.int().min(1).describe("Days for which each new token is valid."),
    rotateBeforeDays: z
      .int()
      .min(1)
      .describe("Days before its end from which the next update replaces it."),
  })
  .meta({ id: "ProjectAccessTokenRotationConfiguration" });

const inputs = {
  ...tokenInputs(scopes),
  accessLevel: prop(
    z.enum(Object.keys(accessLevels) as [AccessLevel]).default("maintainer"),
    "The role of the token's own user in the project. Default: `maintainer`.",
    { replace: true },
  ),
  description: prop(z.string().optional(), "What it is for.", { replace: true, computed: true }),
  expiresAt: prop(
    z.iso.date("must be a day like 2027-01-31").optional(),
    "The day on which it stops working, `2027-01-31`. A change rotates the token in place. Conflicts with `rotationConfiguration`. Default: GitLab's own limit.",
    { computed: true },
  ),
  rotationConfiguration: prop(
    rotation.optional(),
    "Lets each update rotate the token when its end is near. Conflicts with `expiresAt`.",
  ),
  validatePastExpirationDate: prop(
    z.boolean().default(false),
    "Refuses an `expiresAt` that is past. Default: false.",
    { passive: true },
  ),
} satisfies Properties;

type Inputs = ValuesOf<typeof inputs>;

const outputs = {
  token: prop(z.string(), "The token, `glpat-…`. Told at creation and rotation only.", {
    secret: true,
  }),
  tokenId: prop(
    z.int(),
    "The number of the present token. The id keeps that of the first: an update cannot change an id.",
  ),
  userId: prop(z.int(), "The number of the token's own user.", { stable: true }),
  active: prop(z.boolean(), "Whether it can be used."),
  revoked: prop(z.boolean(), "Whether somebody revoked it."),
  createdAt: prop(z.string(), "When it was made."),
} satisfies Properties;

type State = ValuesOf<typeof inputs> & ValuesOf<typeof outputs>;

interface Row {
  readonly id: number;
  readonly name: string;
  readonly description?: string | null;
  readonly scopes: Inputs["scopes"];
  readonly access_level: number;
  readonly user_id: number;
  readonly active: boolean;
  readonly revoked: boolean;
  readonly created_at: string;
  readonly expires_at: string | null;
}

/** https://docs.gitlab.com/api/project_access_tokens/ */
export const projectAccessToken = kind({
  token: "gitlab:index/projectAccessToken:ProjectAccessToken",
  doc: "An access token of a project, with a user of its own. Import: `<project>:<token number>`; GitLab then does not tell the token.",
  example: `
const bot = new gitlab.ProjectAccessToken("bot", {
  project: "infra/datahook",
  scopes: ["api"],
  accessLevel: "developer",
  rotationConfiguration: { expirationDays: 90, rotateBeforeDays: 14 },
});
export const token = bot.token;
`,
  autoName: "name",
  inputs,
  outputs,
  check: (wanted) => [...checkExpiry(wanted), ...checkEnd(wanted)],
  due: dueRotation,

  async create(wanted, api) {
    const url = listOf(wanted.project);
    await reportTwins(api, url, (row: Row) => isTwin(wanted, row));
    const body = {
      name: wanted.name,
      scopes: wanted.scopes,
      access_level: accessLevels[wanted.accessLevel],
      description: wanted.description,
      expires_at: endOf(wanted),
    };
    const row = await tellingToken(() => api.post<Row & { token: string }>(url, body));
    const state = { ...wanted, ...fromRow(row), token: row.token };
    return { id: toId(wanted.project, row.id), state };
  },

  async read(id, api, prior) {
    const { project, number } = fromTokenId(id);
    const rows = (await api.rows<Row>(listOf(project))) ?? [];
    const row = presentOf(rows, number, prior);
    if (!row || (row.revoked && !successorOf(rows, row.user_id))) return undefined;
    return { id, state: { project, ...fromRow(row) } };
  },

  async update(id, wanted, api, state) {
    const { project, number } = fromTokenId(id);
    const rows = (await api.rows<Row>(listOf(project))) ?? [];
    const present = presentOf(rows, number, state);
    if (present && !present.revoked && !isRotation(wanted, state, present)) return wanted;
    const row = present?.revoked ? successorOf(rows, present.user_id) : present;
    if (!row) throw notThere(id);
    const url = `${listOf(project)}${path`/${row.id}`}`;
    // The list may be older than a rotation by hand, and GitLab revokes everything when an old token is rotated.
    if ((await api.get<Row>(url)).revoked) throw notThere(id);
    const next = await api.post<Row & { token: string }>(`${url}/rotate`, {
      expires_at: endOf(wanted),
    });
    return { ...wanted, ...fromRow(next), token: next.token };
  },

  async delete(id, api, state) {
    const { project, number } = fromTokenId(id);
    const rows = (await api.rows<Row>(listOf(project))) ?? [];
    const row = presentOf(rows, number, state);
    if (row && !row.revoked) await api.remove(`${listOf(project)}${path`/${row.id}`}`);
  },
});

function listOf(project: string): string {
  return path`/projects/${project}/access_tokens`;
}

function fromTokenId(id: string) {
  const { project, token } = fromId("ProjectAccessToken", id, ["project", "token"]);
  return { project, number: toNumber("ProjectAccessToken", id, token) };
}

function checkEnd({ expiresAt, rotationConfiguration: rotates }: Partial<Inputs>): Failure[] {
  if (!rotates) return [];
  if (expiresAt !== undefined) {
    const reason = "expiresAt conflicts with rotationConfiguration. Leave one of them out.";
    return [{ property: "expiresAt", reason }];
  }
  if (rotates.rotateBeforeDays < rotates.expirationDays) return [];
  const reason = `rotateBeforeDays is ${rotates.rotateBeforeDays}, but a token is valid for ${rotates.expirationDays} days only. Give fewer than expirationDays.`;
  return [{ property: "rotationConfiguration.rotateBeforeDays", reason }];
}

/** A rotation that is near or that somebody did by hand; a token past its end can only be made anew. */
function dueRotation(wanted: Partial<Inputs>, state: Partial<State>): Difference[] {
  if (state.revoked) return [{ property: "token", change: "update", replace: false }];
  const { rotationConfiguration: rotates } = wanted;
  if (!rotates || !state.expiresAt || state.expiresAt > toDay(rotates.rotateBeforeDays)) return [];
  const replace = state.expiresAt <= toDay(0);
  return [{ property: "rotationConfiguration", change: "update", replace }];
}

function isRotation(wanted: Inputs, state: State, row: Row): boolean {
  const end = row.expires_at ?? undefined;
  if (wanted.expiresAt !== undefined) return wanted.expiresAt !== end;
  const { expirationDays } = wanted.rotationConfiguration ?? {};
  if (expirationDays !== state.rotationConfiguration?.expirationDays)
    return Boolean(expirationDays);
  return dueRotation(wanted, { ...state, expiresAt: end }).length > 0;
}

/** State of the official provider has no `tokenId`: there the id's token, or what it was rotated to. */
function presentOf(rows: readonly Row[], number: number, { tokenId }: Partial<State>) {
  const row = rows.find((each) => each.id === (tokenId ?? number));
  if (tokenId !== undefined || !row?.revoked) return row;
  return successorOf(rows, row.user_id) ?? row;
}

/** The token to which a revoked one was rotated, perhaps behind our back or in a call whose answer was lost. */
function successorOf(rows: readonly Row[], userId: number): Row | undefined {
  return rows.find((row) => row.user_id === userId && row.active);
}

function notThere(id: string): ConfigError {
  const fault = {
    path: "id",
    message: `"${id}" is revoked or gone, so it cannot be rotated`,
    fix: "Run pulumi refresh; the next pulumi up makes a new one.",
  };
  return new ConfigError({ code: "arguments", subject: "ProjectAccessToken", faults: [fault] });
}

/** Another that can be used and that nothing tells from this one. */
function isTwin({ name, scopes, accessLevel }: Inputs, row: Row): boolean {
  const isSame = row.name === name && toAccessLevel(row.access_level) === accessLevel;
  return isSame && row.active && sameSet(row.scopes, scopes);
}

function endOf({ expiresAt, rotationConfiguration: rotates }: Inputs): string | undefined {
  return rotates ? toDay(rotates.expirationDays) : expiresAt;
}

function fromRow(row: Row) {
  return {
    name: row.name,
    description: row.description ?? "",
    scopes: row.scopes,
    accessLevel: toAccessLevel(row.access_level),
    expiresAt: row.expires_at,
    tokenId: row.id,
    userId: row.user_id,
    active: row.active,
    revoked: row.revoked,
    createdAt: row.created_at,
  };
}
