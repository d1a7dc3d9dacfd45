import { z } from "zod";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId, toNumber } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { taken } from "../taken.ts";

const token = "gitlab:index/projectRunnerEnablement:ProjectRunnerEnablement";

interface Row {
  readonly id: number;
  readonly runner_type: string;
}

/** https://docs.gitlab.com/api/runners/#assign-a-runner-to-project */
export const projectRunnerEnablement = kind({
  token,
  doc: "Lets a project runner of one project serve another one too. Import: `<project>:<runner number>`.",
  example: `
const runner = new gitlab.UserRunner("datahook", { runnerType: "project_type", projectId: 3 });
new gitlab.ProjectRunnerEnablement("ying", {
  project: "infra/ying",
  runnerId: runner.id.apply(Number),
});
`,
  inputs: {
    project: prop(z.string(), "The id or full path of the project to serve.", { replace: true }),
    runnerId: prop(z.int(), "The number of the runner.", { replace: true }),
  },
  outputs: {},

  async create({ project, runnerId }, api) {
    const id = toId(project, runnerId);
    try {
      await api.post(path`/projects/${project}/runners`, { runner_id: runnerId });
    } catch (error) {
      // GitLab's words for it vary with the version, the project's list does not.
      if (isStatus(error, 400) && (await isEnabled(api, project, runnerId)))
        throw taken(token, id, "runnerId", `${runnerId}`);
      throw error;
    }
    return { id, state: { project, runnerId } };
  },

  again: {},

  async read(id, api) {
    const { project, runnerId } = fromEnablementId(id);
    if (!(await isEnabled(api, project, runnerId))) return undefined;
    return { id, state: { project, runnerId } };
  },

  async delete(id, api) {
    const { project, runnerId } = fromEnablementId(id);
    await api.remove(path`/projects/${project}/runners/${runnerId}`);
  },
});

/** A project's list also has the runners of its groups and of the instance. */
async function isEnabled(api: GitLab, project: string, runnerId: number): Promise<boolean> {
  const rows = (await api.rows<Row>(path`/projects/${project}/runners`)) ?? [];
  return rows.some((row) => row.id === runnerId && row.runner_type === "project_type");
}

function fromEnablementId(id: string) {
  const { project, runnerId } = fromId("ProjectRunnerEnablement", id, ["project", "runnerId"]);
  return { project, runnerId: toNumber("ProjectRunnerEnablement", id, runnerId) };
}
