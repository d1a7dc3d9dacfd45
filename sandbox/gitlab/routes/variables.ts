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
import type { Store } from "../store.ts";
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
  for (const family of parentFamilies) {
    addReading(api, context, family);
    addCreation(api, context, family);
    addChanges(api, context, family);
  }
}

const pathOf = (family: ParentFamily) => `/${family}/:id/variables`;

function addReading(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const path = pathOf(family);
  const parentOf = (request: FastifyRequest) => findParent(request, context, family, needed);

  api.get(path, (request, reply) => {
    const input = readInput(request, parameters(paging));
    const rows = context.store.variables.filter(ownedBy(parentOf(request)));
    return pageOf(reply, rows, input).map(toVariable);
  });

  api.get(`${path}/:key`, (request) => {
    const { filter } = readInput(request, oneInput);
    return toVariable(findOne(request, context.store, parentOf(request), filter));
  });
}

function addCreation(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { store } = context;

  api.post(pathOf(family), (request, reply) => {
    const { masked_and_hidden, ...input } = readInput(request, createInput);
    const parent = findParent(request, context, family, needed);
    const key = input.key.trim();
    const scope = toScope(parent, input.environment_scope);
    const masked = input.masked || masked_and_hidden;
    refuseFaults(checkVariable({ ...input, key, masked }));
    refuseTaken(store, parent, key, scope);
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
}

function addChanges(api: FastifyInstance, context: Context, family: ParentFamily): void {
  const { store } = context;
  const path = `${pathOf(family)}/:key`;
  const parentOf = (request: FastifyRequest) => findParent(request, context, family, needed);

  api.put(path, (request) => {
    const { filter, hidden, masked_and_hidden, ...changes } = readInput(request, updateInput);
    const parent = parentOf(request);
    const row = findOne(request, store, parent, filter);
    refuseHiddenChanges(row, { hidden: hidden ?? masked_and_hidden, masked: changes.masked });
    const scope = toScope(parent, changes.environment_scope ?? row.environment_scope);
    const next = { ...row, ...changes, environment_scope: scope };
    refuseFaults(checkVariable(next));
    if (scope !== row.environment_scope) refuseTaken(store, parent, row.key, scope);
    return toVariable(store.variables.update(row, next));
  });

  api.delete(path, (request, reply) => {
    const { filter } = readInput(request, oneInput);
    store.variables.delete(findOne(request, store, parentOf(request), filter));
    return noContent(reply);
  });
}

function findOne(
  request: FastifyRequest,
  { variables }: Store,
  parent: Parent,
  { environment_scope: scope }: z.output<typeof scopeFilter>,
): Variable {
  const key = pathText(request, "key");
  const rows = variables
    .filter(ownedBy(parent))
    .filter((row) => row.key === key && (scope === undefined || row.environment_scope === scope));
  const [row] = rows;
  if (!row) throw refusal.notFound("Variable");
  if (rows.length > 1)
    throw refusal.conflict(
      "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    );
  return row;
}

function refuseTaken({ variables }: Store, parent: Parent, key: string, scope: string): void {
  const isTaken = variables
    .filter(ownedBy(parent))
    .some((row) => row.key === key && row.environment_scope === scope);
  if (isTaken) throw refusal.invalid({ key: [`(${key}) has already been taken`] });
}

/** Scopes of group variables are a paid feature: the free tier stores `*` whatever is sent. */
function toScope(parent: Parent, scope: string): string {
  return parent.kind === "group" ? "*" : scope;
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
