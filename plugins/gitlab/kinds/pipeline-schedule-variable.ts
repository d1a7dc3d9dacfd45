import { z } from "zod";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId, toNumber } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, type ValuesOf } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { taken } from "../taken.ts";
import { readSchedule } from "./pipeline-schedule.ts";

const token = "gitlab:index/pipelineScheduleVariable:PipelineScheduleVariable";

const inputs = {
  project: prop(z.string(), "The id or full path of the project.", { replace: true }),
  pipelineScheduleId: prop(z.int(), "The number of the schedule.", { replace: true }),
  key: prop(
    z.string().regex(/^[A-Za-z0-9_]{1,255}$/, "must be 1 to 255 letters, digits and _"),
    "The name of the variable: 1 to 255 letters, digits and `_`.",
    { replace: true },
  ),
  value: prop(z.string(), "The value. Secret in state once it is imported.", {
    imported: "secret",
  }),
  variableType: prop(
    z.enum(["env_var", "file"]).default("env_var"),
    "`env_var`, or `file` for a variable that holds the path of a file with the value. Default: `env_var`.",
  ),
} satisfies Properties;

type Inputs = ValuesOf<typeof inputs>;
type Place = Pick<Inputs, "project" | "pipelineScheduleId" | "key">;

interface Row {
  readonly key: string;
  readonly value: string;
  readonly variable_type: Inputs["variableType"];
}

/** https://docs.gitlab.com/api/pipeline_schedules/#create-a-pipeline-schedule-variable */
export const pipelineScheduleVariable = kind({
  token,
  doc: "A variable that a schedule's pipelines get. Import: `<project>:<schedule number>:<key>`.",
  example: `
const nightly = new gitlab.PipelineSchedule("nightly", {
  project: "infra/datahook",
  description: "Nightly build",
  ref: "refs/heads/main",
  cron: "30 3 * * 1-5",
});
new gitlab.PipelineScheduleVariable("build-type", {
  project: nightly.project,
  pipelineScheduleId: nightly.pipelineScheduleId,
  key: "BUILD_TYPE",
  value: "nightly",
});
`,
  inputs,
  outputs: {},

  async create(wanted, api) {
    const id = toId(wanted.project, wanted.pipelineScheduleId, wanted.key);
    try {
      await api.post(listOf(wanted), { key: wanted.key, ...toRow(wanted) });
    } catch (error) {
      if (isStatus(error, 400) && (await api.find(urlOf(wanted))))
        throw taken(token, id, "key", wanted.key);
      throw error;
    }
    return { id, state: wanted };
  },

  again: {},

  async read(id, api) {
    const place = fromVariableId(id);
    const row = await readVariable(api, place);
    return row && { id, state: { ...place, value: row.value, variableType: row.variable_type } };
  },

  async update(_id, wanted, api) {
    const row = await api.get<Row>(urlOf(wanted));
    const changes = Object.entries(toRow(wanted)).filter(
      ([field, value]) => value !== row[field as keyof Row],
    );
    if (changes.length > 0) await api.put(urlOf(wanted), Object.fromEntries(changes));
    return wanted;
  },

  async delete(id, api) {
    await api.remove(urlOf(fromVariableId(id)));
  },
});

/** From the schedule, which tells its variables to those who may edit it; others are refused here. */
async function readVariable(api: GitLab, place: Place): Promise<Row | undefined> {
  const schedule = await readSchedule(api, place.project, place.pipelineScheduleId);
  if (!schedule) return undefined;
  if (!schedule.variables) return api.find<Row>(urlOf(place));
  return schedule.variables.find(({ key }) => key === place.key);
}

function listOf({ project, pipelineScheduleId }: Place): string {
  return path`/projects/${project}/pipeline_schedules/${pipelineScheduleId}/variables`;
}

function urlOf(place: Place): string {
  return `${listOf(place)}${path`/${place.key}`}`;
}

function fromVariableId(id: string): Place {
  const kindName = "PipelineScheduleVariable";
  const { project, schedule, key } = fromId(kindName, id, ["project", "schedule", "key"]);
  return { project, pipelineScheduleId: toNumber(kindName, id, schedule), key };
}

function toRow({ value, variableType }: Inputs) {
  return { value, variable_type: variableType };
}
