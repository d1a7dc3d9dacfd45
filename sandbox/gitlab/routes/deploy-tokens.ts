/** Deploy tokens of projects and groups. https://docs.gitlab.com/api/deploy_tokens/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { role } from "../access.ts";
import { createSecret } from "../auth.ts";
import type { Context } from "../context.ts";
import type { DeployToken, Parent } from "../entities.ts";
import { filled, flag, paging, parameters, pathNumber, readInput, text } from "../input.ts";
import { findParent, ownedBy, type ParentFamily, parentFamilies } from "../parents.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";

const scope = z.enum([
  "read_repository",
  "read_registry",
  "write_registry",
  "read_virtual_registry",
  "write_virtual_registry",
  "read_package_registry",
  "write_package_registry",
]);

const createInput = parameters({
  name: filled,
  scopes: z.array(scope),
  username: text.optional(),
  expires_at: z.iso.datetime({ offset: true }).or(z.iso.date()).nullable().optional(),
});

const listInput = parameters({ ...paging, active: flag.optional() });
const needed = { projects: role.maintainer, groups: role.owner };

export function deployTokenRoutes(api: FastifyInstance, context: Context): void {
  for (const family of parentFamilies) addFamily(api, context, family);
}

function addFamily(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { deployTokens } = context.store;
  const path = `/${family}/:id/deploy_tokens`;
  const parentOf = (request: FastifyRequest) => findParent(request, context, family, needed);

  api.get(path, (request, reply) => {
    const input = readInput(request, listInput);
    const rows = deployTokens.filter(ownedBy(parentOf(request)));
    const asked = rows.filter(
      (row) =>
        input.active === undefined || input.active === !(row.revoked || isExpired(context, row)),
    );
    return pageOf(reply, asked, input).map((row) => toDeployToken(context, row));
  });

  api.get(`${path}/:token_id`, (request) => {
    readInput(request, parameters({}));
    return toDeployToken(context, findOne(request, parentOf(request)));
  });

  api.post(path, (request, reply) => {
    const input = readInput(request, createInput);
    const parent = parentOf(request);
    if (input.scopes.length === 0) throw refusal.sentence(400, "Scopes can't be blank");
    const row = deployTokens.insert({
      parent,
      name: input.name,
      username: "",
      token: createSecret("gldt-"),
      scopes: input.scopes,
      expires_at: input.expires_at ? new Date(input.expires_at).toISOString() : null,
      revoked: false,
    });
    const username = input.username ?? `gitlab+deploy-token-${row.id}`;
    deployTokens.update(row, { username });
    return created(reply, { ...toDeployToken(context, row), token: row.token });
  });

  api.delete(`${path}/:token_id`, (request, reply) => {
    readInput(request, parameters({}));
    deployTokens.delete(findOne(request, parentOf(request)));
    return noContent(reply);
  });

  function findOne(request: FastifyRequest, parent: Parent): DeployToken {
    const found = deployTokens.get(pathNumber(request, "token_id"));
    if (!found || !ownedBy(parent)(found)) throw refusal.rowNotFound();
    return found;
  }
}

function isExpired({ now }: Context, row: DeployToken): boolean {
  return row.expires_at !== null && Date.parse(row.expires_at) <= now().getTime();
}

function toDeployToken(context: Context, row: DeployToken) {
  const { parent: _, token: __, ...told } = row;
  return { ...told, expired: isExpired(context, row) };
}
