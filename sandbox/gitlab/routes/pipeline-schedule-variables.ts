/** Variables of pipeline schedules. https://docs.gitlab.com/api/pipeline_schedules/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findLiveProject, role, roleInProject } from "../access.ts";
import { userOf } from "../auth.ts";
import type { Context } from "../context.ts";
import type { PipelineSchedule, PipelineScheduleVariable, Project } from "../entities.ts";
import { parameters, pathText, readInput, text } from "../input.ts";
import { accepted, created, refusal, refuseFaults } from "../reply.ts";
import { findSchedule, schedulesPath, toScheduleVariable } from "../schedules.ts";
import { checkVariable } from "../variables.ts";

const variableType = z.enum(["env_var", "file"]);
const createInput = parameters({
  key: text,
  value: text,
  variable_type: variableType.default("env_var"),
});
const updateInput = parameters({ value: text.optional(), variable_type: variableType.optional() });

const overrideRoles = {
  no_one_allowed: Number.POSITIVE_INFINITY,
  developer: role.developer,
  maintainer: role.maintainer,
  owner: role.owner,
};

export function pipelineScheduleVariableRoutes(api: FastifyInstance, context: Context): void {
  const { store } = context;
  const path = `${schedulesPath}/:sid/variables`;

  api.post(path, (request, reply) => {
    const input = readInput(request, createInput);
    const schedule = findEditable(request);
    refuseFaults(checkVariable({ ...input, masked: false, raw: false }));
    if (listOf(schedule).some((row) => row.key === input.key))
      throw refusal.invalid({ key: ["has already been taken"] });
    const row = store.scheduleVariables.insert({ ...input, schedule_id: schedule.id, raw: false });
    return created(reply, toScheduleVariable(row));
  });

  api.get(`${path}/:key`, (request) => {
    readInput(request, parameters({}));
    return toScheduleVariable(findOne(request, findEditable(request)));
  });

  api.put(`${path}/:key`, (request) => {
    const input = readInput(request, updateInput);
    const row = findOne(request, findEditable(request));
    return toScheduleVariable(store.scheduleVariables.update(row, input));
  });

  api.delete(`${path}/:key`, (request, reply) => {
    readInput(request, parameters({}));
    const row = findOne(request, findEditable(request));
    store.scheduleVariables.delete(row);
    return accepted(reply, toScheduleVariable(row));
  });

  function findEditable(request: FastifyRequest): PipelineSchedule {
    const project = findLiveProject(request, context, role.developer);
    const schedule = findSchedule(request, context, project, "edit");
    if (request.method !== "GET") requireOverride(request, project);
    return schedule;
  }

  function requireOverride(request: FastifyRequest, project: Project): void {
    const needed = overrideRoles[project.settings.ci_pipeline_variables_minimum_override_role];
    if (roleInProject(store, userOf(request), project) < needed) throw refusal.forbidden();
  }

  function listOf(schedule: PipelineSchedule): PipelineScheduleVariable[] {
    return store.scheduleVariables.filter((row) => row.schedule_id === schedule.id);
  }

  function findOne(request: FastifyRequest, schedule: PipelineSchedule): PipelineScheduleVariable {
    const found = listOf(schedule).find((row) => row.key === pathText(request, "key"));
    if (!found) throw refusal.notFound("Pipeline Schedule Variable");
    return found;
  }
}
