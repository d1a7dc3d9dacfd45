import { z } from "zod";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import { declaredOnce } from "../choice.ts";
import { lookup } from "../declare.ts";
import { Fields } from "../fields.ts";
import { projectInputs, projectOutputs } from "../kinds/project-inputs.ts";
import { type Deletable, isMarked } from "../marked.ts";

interface Row extends Deletable {
  readonly id: number;
  readonly namespace: { readonly id: number };
}

const outputs = {
  ...projectOutputs,
  name: prop(z.string(), "The name shown."),
  path: prop(z.string(), "The last part of its path."),
  nameWithNamespace: prop(z.string(), "The name with those of its groups."),
  namespaceId: prop(z.int(), "The id of its group, or of its owner's namespace."),
  visibilityLevel: prop(z.string(), "Who sees it."),
  description: prop(z.string(), "What it is for."),
  archived: prop(z.boolean(), "Whether it is read-only."),
  defaultBranch: projectInputs.defaultBranch,
  topics: prop(z.array(z.string()), "What it is found by."),
  ciConfigPath: prop(z.string(), "Where the CI configuration lies; empty for `.gitlab-ci.yml`."),
  ciDefaultGitDepth: projectInputs.ciDefaultGitDepth,
  buildGitStrategy: prop(z.string().optional(), "`fetch` or `clone`. Told to maintainers only."),
  buildTimeout: prop(z.int(), "Seconds that a job may run."),
  sharedRunnersEnabled: prop(z.boolean(), "Whether instance runners take its jobs."),
  groupRunnersEnabled: prop(z.boolean(), "Whether the groups' runners take its jobs."),
  runnersToken: prop(z.string().optional(), "Told to maintainers only.", { secret: true }),
};

const fields = new Fields(outputs, { visibilityLevel: { name: "visibility" } });

/** https://docs.gitlab.com/api/projects/#get-a-single-project */
export const getProject = lookup({
  token: "gitlab:index/getProject:getProject",
  doc: "A project by its id or its full path.",
  example: `
export const url = gitlab.getProjectOutput({ pathWithNamespace: "infra/datahook" }).httpUrlToRepo;
`,
  inputs: {
    id: prop(z.string().optional(), "Its id. Give this or `pathWithNamespace`."),
    pathWithNamespace: prop(z.string().optional(), "Its full path. Give this or `id`."),
  },
  outputs: { id: prop(z.string(), "Its id."), ...outputs },

  async call({ id, pathWithNamespace }, api) {
    const choice = declaredOnce("getProject", { id, pathWithNamespace });
    const row = await api.find<Row>(path`/projects/${choice.value}`);
    if (!row || isMarked(row)) throw choice.notFound("project");
    const told = fields.toValues({ ...row, namespace_id: row.namespace.id });
    return { id: String(row.id), ...told };
  },
});
