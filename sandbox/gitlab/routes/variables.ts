/**
 * Project-level and group-level CI/CD variables, one implementation for both.
 * https://docs.gitlab.com/api/project_level_variables/
 * https://docs.gitlab.com/api/group_level_variables/
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { role } from "../access.ts";
import type { Context } from "../context.ts";
import type { Parent, Variable } from "../entities.ts";
import { flag, paging, parameters, pathText, readInput, text } from "../input.ts";
import { findParent, ownedBy, type ParentFamily, parentFamilies } from "../parents.ts";
import { created, noContent, pageOf, refusal, refuseFaults } from "../reply.ts";
import { checkVariable } from "../variables.ts";

const variableType = z.enum(["env_var", "file"]);
const scopeFilter = z.strictObject({ environment_scope: text.optional() }).default({});

const createInput = parameters({
  key: text,
  value: text,
  variable_type: variableType.default("env_var"),
  protected: flag.default(false),
  masked: flag.default(false),
  masked_and_hidden: flag.default(false),
  raw: flag.default(false),
  environment_scope: text.default("*"),
  description: text.nullable().optional(),
});

const updateInput = parameters({
  value: text.optional(),
  variable_type: variableType.optional(),
  protected: flag.optional(),
  masked: flag.optional(),
  hidden: flag.optional(),
  masked_and_hidden: flag.optional(),
  raw: flag.optional(),
  environment_scope: text.optional(),
  description: text.nullable().optional(),
  filter: scopeFilter,
});

const oneInput = parameters({ filter: scopeFilter });

const needed = { projects: role.maintainer, groups: role.owner };

export function variableRoutes(api: FastifyInstance, context: Context): void {
  for (const family of parentFamilies) addFamily(api, context, family);
}

function addFamily(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { store } = context;
  const path = `/${family}/:id/variables`;
  const parentOf = (request: FastifyRequest) => findParent(request, context, family, needed);

  api.get(path, (request, reply) => {
    const input = readInput(request, parameters(paging));
    const rows = listOf(parentOf(request));
    return pageOf(reply, rows, input).map(toVariable);
  });

  api.get(`${path}/:key`, (request) => {
    const input = readInput(request, oneInput);
    return toVariable(findOne(request, parentOf(request), input.filter.environment_scope));
  });

  api.post(path, (request, reply) => {
    const { masked_and_hidden, ...input } = readInput(request, createInput);
    const parent = parentOf(request);
    const key = input.key.trim();
    const scope = toScope(parent, input.environment_scope);
    const masked = input.masked || masked_and_hidden;
    refuseFaults(checkVariable({ ...input, key, masked }));
    if (isTaken(parent, key, scope)) throw taken(key);
    const row = store.variables.insert({
      ...input,
      key,
      parent,
      masked,
      hidden: masked_and_hidden,
      environment_scope: scope,
      description: input.description ?? null,
    });
    return created(reply, toVariable(row));
  });

  api.put(`${path}/:key`, (request) => {
    const { filter, hidden, masked_and_hidden, ...changes } = readInput(request, updateInput);
    const parent = parentOf(request);
    const row = findOne(request, parent, filter.environment_scope);
    refuseHiddenChanges(row, { hidden: hidden ?? masked_and_hidden, masked: changes.masked });
    const scope = toScope(parent, changes.environment_scope ?? row.environment_scope);
    const next = { ...row, ...changes, environment_scope: scope };
    refuseFaults(checkVariable(next));
    if (scope !== row.environment_scope && isTaken(parent, row.key, scope)) throw taken(row.key);
    return toVariable(store.variables.update(row, next));
  });

  api.delete(`${path}/:key`, (request, reply) => {
    const input = readInput(request, oneInput);
    store.variables.delete(findOne(request, parentOf(request), input.filter.environment_scope));
    return noContent(reply);
  });

  function listOf(parent: Parent): Variable[] {
    return store.variables.filter(ownedBy(parent));
  }

  function findOne(request: FastifyRequest, parent: Parent, scope: string | undefined): Variable {
    const key = pathText(request, "key");
    const rows = listOf(parent).filter(
      (row) => row.key === key && (scope === undefined || row.environment_scope === scope),
    );
    const [row] = rows;
    if (!row) throw refusal.notFound("Variable");
    if (rows.length > 1)
      throw refusal.conflict(
        "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
      );
    return row;
  }

  function isTaken(parent: Parent, key: string, scope: string): boolean {
    return listOf(parent).some((row) => row.key === key && row.environment_scope === scope);
  }
}

/** Scopes of group variables are a paid feature: the free tier stores `*` whatever is sent. */
function toScope(parent: Parent, scope: string): string {
  return parent.kind === "group" ? "*" : scope;
}

function taken(key: string) {
  return refusal.invalid({ key: [`(${key}) has already been taken`] });
}

function refuseHiddenChanges(
  row: Variable,
  { hidden, masked }: { hidden: boolean | undefined; masked: boolean | undefined },
): void {
  if (hidden !== undefined && hidden !== row.hidden)
    throw refusal.invalid({ base: ["Updating hidden attribute is not allowed on updates."] });
  if (row.hidden && masked === false)
    throw refusal.invalid({
      base: ["Updating masked attribute is not allowed on updates for hidden variables."],
    });
}

function toVariable({ id: _, parent: __, ...row }: Variable) {
  return row.hidden ? { ...row, value: null } : row;
}
