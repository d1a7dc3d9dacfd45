import { z } from "zod";
import { ConfigError } from "../../../validation/config-error.ts";
import { cronExpression } from "../../../validation/schedules.ts";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId, toNumber } from "../../kit/ids.ts";
import type { Failure } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, type ValuesOf } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { taken } from "../taken.ts";

const token = "gitlab:index/pipelineSchedule:PipelineSchedule";
const rename = "give this one another description";

const scheduleInput = z
  .object({
    name: z.string().min(1).describe("The name under which the pipeline knows the input."),
    value: z.string().describe("Its value."),
  })
  .meta({ id: "PipelineScheduleInput" });

type ScheduleInput = z.output<typeof scheduleInput>;

const inputs = {
  project: prop(z.string(), "The id or full path of the project.", { replace: true }),
  description: prop(z.string().min(1), "What the schedule is for."),
  ref: prop(
    z.string().min(1),
    "The branch or tag that the pipelines run for. `main` and `refs/heads/main` are the same.",
    { same: sameRef },
  ),
  cron: prop(z.string(), "When, in cron's five fields: `30 3 * * 1-5`."),
  cronTimezone: prop(
    z.string().min(1).default("UTC"),
    "The time zone of `cron`: an IANA name or one of Rails' own. Default: `UTC`.",
  ),
  active: prop(z.boolean().default(true), "Whether it runs at all. Default: true."),
  takeOwnership: prop(
    z.boolean().default(false),
    "Makes the token's user the owner when somebody else is: pipelines run with the owner's rights. Default: false.",
  ),
  inputs: prop(
    z.array(scheduleInput).max(20, "must have 20 entries or fewer").optional(),
    "Values for the inputs of the pipeline's configuration. At most 20.",
    { same: sameInputs },
  ),
} satisfies Properties;

type Inputs = ValuesOf<typeof inputs>;

interface Row {
  readonly id: number;
  readonly description: string;
  readonly ref: string;
  readonly cron: string;
  readonly cron_timezone: string;
  readonly active: boolean;
  readonly owner: { readonly id: number; readonly username: string } | null;
  /** Only told to those who may edit the schedule. */
  readonly variables?: readonly {
    readonly key: string;
    readonly value: string;
    readonly variable_type: "env_var" | "file";
  }[];
  readonly inputs?: readonly ScheduleInput[];
}

/** https://docs.gitlab.com/api/pipeline_schedules/ */
export const pipelineSchedule = kind({
  token,
  doc: "Runs pipelines of a project at set times. Import: `<project>:<schedule number>`.",
  example: `
new gitlab.PipelineSchedule("nightly", {
  project: "infra/datahook",
  description: "Nightly build",
  ref: "refs/heads/main",
  cron: "30 3 * * 1-5",
  cronTimezone: "Europe/Berlin",
});
`,
  inputs,
  outputs: {
    pipelineScheduleId: prop(z.int(), "The number of the schedule.", { stable: true }),
    owner: prop(z.int(), "The number of the user with whose rights its pipelines run."),
  },
  check: checkCron,

  foretell: findTaken,

  /** GitLab lets several have one description, so that a lost answer could make two of them. */
  async create(wanted, api) {
    const found = await findTaken(wanted, api);
    if (found) throw found;
    const row = await api.post<Row>(path`/projects/${wanted.project}/pipeline_schedules`, {
      ...toRow(wanted),
      ...(wanted.inputs && { inputs: wanted.inputs }),
    });
    return { id: toId(wanted.project, row.id), state: { ...wanted, ...fromRow(row) } };
  },

  again: {
    async isOurs(id, _wanted, api) {
      const { project, number } = fromScheduleId(id);
      const row = await readSchedule(api, project, number);
      return row !== undefined && isOwner(row, api);
    },
  },

  async read(id, api, prior) {
    const { project, number } = fromScheduleId(id);
    const row = await readSchedule(api, project, number);
    if (!row) return undefined;
    const takeOwnership = Boolean(prior.takeOwnership) && (await isOwner(row, api));
    return { id, state: { project, ...fromRow(row), takeOwnership } };
  },

  async update(id, wanted, api) {
    const { project, number } = fromScheduleId(id);
    const url = path`/projects/${project}/pipeline_schedules/${number}`;
    const row = await api.get<Row>(url);
    const takes = wanted.takeOwnership && !(await isOwner(row, api));
    const owned = takes ? await api.repost<Row>(`${url}/take_ownership`) : row;
    return {
      ...fromRow(await amend(url, wanted, owned, api)),
      takeOwnership: wanted.takeOwnership,
    };
  },

  async delete(id, api) {
    const { project, number } = fromScheduleId(id);
    await api.remove(path`/projects/${project}/pipeline_schedules/${number}`);
  },
});

async function findTaken({ project, description, ref }: Inputs, api: GitLab) {
  const rows = await api.rows<Row>(path`/projects/${project}/pipeline_schedules`);
  const there = rows?.find((row) => row.description === description && sameRef(ref, row.ref));
  return there && taken(token, toId(project, there.id), "description", description, rename);
}

/** A schedule with its variables and inputs, read once for all kinds that look at it; `undefined` when gone. */
export function readSchedule(
  api: GitLab,
  project: string,
  number: number,
): Promise<Row | undefined> {
  const url = path`/projects/${project}/pipeline_schedules/${number}`;
  return api.once(url, () => api.find<Row>(url));
}

function fromScheduleId(id: string) {
  const { project, schedule } = fromId("PipelineSchedule", id, ["project", "schedule"]);
  return { project, number: toNumber("PipelineSchedule", id, schedule) };
}

function checkCron({ cron }: Partial<Inputs>): Failure[] {
  const fault = cron === undefined ? undefined : cronExpression(cron);
  return fault ? [{ property: "cron", reason: `cron ${fault.message}. ${fault.fix}` }] : [];
}

async function isOwner(row: Row, api: GitLab): Promise<boolean> {
  return row.owner?.id === (await api.user()).id;
}

async function amend(url: string, wanted: Inputs, row: Row, api: GitLab): Promise<Row> {
  const changes = toChanges(wanted, row);
  if (Object.keys(changes).length === 0) return row;
  try {
    return await api.put<Row>(url, changes);
  } catch (error) {
    if (isStatus(error, 403) && !(await isOwner(row, api))) throw notOwned(row);
    throw error;
  }
}

function notOwned({ id, owner }: Row): ConfigError {
  const fault = {
    path: "takeOwnership",
    message: `is false, but schedule ${id} belongs to user "${owner?.username ?? "(deleted)"}" and GitLab refuses to change it`,
    fix: "Set takeOwnership: true, or give the token's user the Maintainer role.",
  };
  return new ConfigError({ code: "arguments", subject: "PipelineSchedule", faults: [fault] });
}

function toRow(wanted: Inputs) {
  return {
    description: wanted.description,
    ref: wanted.ref,
    cron: wanted.cron,
    cron_timezone: wanted.cronTimezone,
    active: wanted.active,
  };
}

function toChanges(wanted: Inputs, row: Row): object {
  const fields = Object.entries(toRow(wanted)).filter(([field, value]) =>
    field === "ref" ? !sameRef(wanted.ref, row.ref) : value !== row[field as keyof Row],
  );
  const { inputs: there = [] } = row;
  const { inputs: kept = there } = wanted;
  const removed = there.filter(({ name }) => !kept.some((each) => each.name === name));
  return {
    ...Object.fromEntries(fields),
    ...(!sameInputs(kept, there) && {
      inputs: [...kept, ...removed.map(({ name }) => ({ name, destroy: true }))],
    }),
  };
}

function fromRow(row: Row) {
  return {
    description: row.description,
    ref: row.ref,
    cron: row.cron,
    cronTimezone: row.cron_timezone,
    active: row.active,
    inputs: row.inputs && [...row.inputs],
    pipelineScheduleId: row.id,
    owner: row.owner?.id ?? null,
  };
}

/** GitLab stores `main` as `refs/heads/main`, or `refs/tags/main` when that is a tag. */
function sameRef(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, full] = a.startsWith("refs/") ? [b, a] : [a, b];
  return full === `refs/heads/${short}` || full === `refs/tags/${short}`;
}

function sameInputs(a: readonly ScheduleInput[] = [], b: readonly ScheduleInput[] = []): boolean {
  const toText = (rows: readonly ScheduleInput[]) =>
    JSON.stringify(rows.map(({ name, value }) => [name, value]).sort());
  return toText(a) === toText(b);
}
