import { z } from "zod";
import type { Failure } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { taken } from "../taken.ts";
import {
  checkHidden,
  checkVariable,
  fromVariableId,
  secretsOfVariable,
  toVariableId,
  variableInputs,
  variables,
} from "./variable.ts";

const parentOf = (group: string) => path`/groups/${group}`;

const token = "gitlab:index/groupVariable:GroupVariable";

/** https://docs.gitlab.com/api/group_level_variables/ */
export const groupVariable = kind({
  token,
  doc: "A CI/CD variable of a group, which all its projects have. Import: `<group>:<key>:<environment scope>`.",
  example: `
new gitlab.GroupVariable("password", {
  group: "infra",
  key: "APTLY_PASSWORD",
  value: new pulumi.Config().requireSecret("aptlyPassword"),
  masked: true,
  protected: true,
});
`,
  inputs: {
    group: prop(z.string(), "The id or full path of the group.", { replace: true }),
    ...variableInputs,
  },
  outputs: {},
  secrets: secretsOfVariable,
  check: async (inputs, { api }) => [
    ...checkVariable(inputs),
    ...(await checkHidden(inputs, api)),
    ...(await checkScope(inputs.environmentScope, api)),
  ],

  async foretell(inputs, api) {
    const { group, key, environmentScope } = inputs;
    const there = await variables.read(api, parentOf(group), key, environmentScope);
    return there && taken(token, toVariableId(group, inputs), "key", key);
  },

  async create(inputs, api) {
    const id = toVariableId(inputs.group, inputs);
    await variables.create(api, parentOf(inputs.group), inputs, token, id);
    return { id, state: inputs };
  },

  again: {},

  async read(id, api) {
    const { parent: group, key, scope } = fromVariableId("GroupVariable", id);
    const found = await variables.read(api, parentOf(group), key, scope);
    return found && { id: `${group}:${key}:${scope}`, state: { group, ...found } };
  },

  async update(_id, inputs, api, state) {
    await variables.update(api, parentOf(inputs.group), inputs, state);
    return inputs;
  },

  async delete(id, api) {
    const { parent: group, key, scope } = fromVariableId("GroupVariable", id);
    await variables.delete(api, parentOf(group), key, scope);
  },
});

/** The free tier stores `*` whatever it is sent, so another scope would differ forever. */
async function checkScope(scope: string | undefined, api: GitLab): Promise<Failure[]> {
  if (scope === undefined || scope === "*" || (await api.metadata()).enterprise) return [];
  const reason = `environmentScope is "${scope}", but this GitLab has scopes for variables of projects only. Leave it out, or set the variable on each project.`;
  return [{ property: "environmentScope", reason }];
}
