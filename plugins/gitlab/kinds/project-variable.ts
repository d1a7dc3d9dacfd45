import { z } from "zod";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
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

const parentOf = (project: string) => path`/projects/${project}`;

const token = "gitlab:index/projectVariable:ProjectVariable";

/** https://docs.gitlab.com/api/project_level_variables/ */
export const projectVariable = kind({
  token,
  doc: "A CI/CD variable of a project. Import: `<project>:<key>:<environment scope>`.",
  example: `
new gitlab.ProjectVariable("build-type", {
  project: "infra/datahook",
  key: "BUILD_TYPE",
  value: "nightly",
});
`,
  inputs: {
    project: prop(z.string(), "The id or full path of the project.", { replace: true }),
    ...variableInputs,
  },
  outputs: {},
  secrets: secretsOfVariable,
  check: async (inputs, { api }) => [...checkVariable(inputs), ...(await checkHidden(inputs, api))],

  async foretell(inputs, api) {
    const { project, key, environmentScope } = inputs;
    const there = await variables.read(api, parentOf(project), key, environmentScope);
    return there && taken(token, toVariableId(project, inputs), "key", key);
  },

  async create(inputs, api) {
    const id = toVariableId(inputs.project, inputs);
    await variables.create(api, parentOf(inputs.project), inputs, token, id);
    return { id, state: inputs };
  },

  again: {},

  async read(id, api) {
    const { parent: project, key, scope } = fromVariableId("ProjectVariable", id);
    const found = await variables.read(api, parentOf(project), key, scope);
    return found && { id: `${project}:${key}:${scope}`, state: { project, ...found } };
  },

  async update(_id, inputs, api, state) {
    await variables.update(api, parentOf(inputs.project), inputs, state);
    return inputs;
  },

  async delete(id, api) {
    const { parent: project, key, scope } = fromVariableId("ProjectVariable", id);
    await variables.delete(api, parentOf(project), key, scope);
  },
});
