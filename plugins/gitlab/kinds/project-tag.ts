import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { ConfigError } from "../../../validation/config-error.ts";
import { isStatus } from "../../kit/api-error.ts";
import { fromId, toId } from "../../kit/ids.ts";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import type { GitLab } from "../client.ts";
import { isMoved, movedTag, namesContent } from "../content-tags.ts";
import { kind } from "../declare.ts";
import { taken } from "../taken.ts";

const token = "gitlab:index/projectTag:ProjectTag";

interface Row {
  readonly name: string;
  readonly message: string | null;
  readonly target: string;
  readonly protected: boolean;
}

interface Entry {
  readonly id: string;
  readonly path: string;
  readonly mode: string;
}

/** https://docs.gitlab.com/api/tags/ */
export const projectTag = kind({
  token,
  autoName: "name",
  doc: "A tag in a project's repository. One that is there already is taken over if its files are those of `ref`. One like `package-v1-0123456789abcdef` names the content of its `package-v1.yml`: it is refused once it was moved. Import: `<project>:<tag>`.",
  example: `
new gitlab.ProjectTag("release", { project: "infra/datahook", name: "v1.2.0", ref: "main" });
`,
  inputs: {
    project: prop(z.string(), "The id or full path of the project.", { replace: true }),
    name: prop(z.string().min(1), "The name of the tag.", { replace: true }),
    ref: prop(z.string().min(1), "The branch, tag or commit that it is made of.", {
      replace: "delete-first",
    }),
    message: prop(
      z.string().optional(),
      "Makes an annotated tag. Default: none, a lightweight tag.",
      { replace: "delete-first" },
    ),
  },
  outputs: {
    protected: prop(z.boolean(), "Whether the tag is protected."),
    target: prop(z.string(), "The object that it names: a commit, or an annotation."),
  },

  async create(inputs, api) {
    const { project, name, ref, message } = inputs;
    const id = toId(project, name);
    try {
      await api.post(tagsOf(project), { tag_name: name, ref, ...(message && { message }) });
    } catch (error) {
      if (!isStatus(error, 400) || !error.answer.includes("already exists")) throw error;
      await refuseMoved(project, name, api);
      const isOurs = namesContent(name) || (await hasSameFiles(project, name, ref, api));
      if (!isOurs) throw taken(token, id, "name", name);
    }
    const row = await api.get<Row>(`${tagsOf(project)}${path`/${name}`}`);
    return { id, state: { ...inputs, ...toOutputs(row) } };
  },

  again: "create",

  /** What it was made of is not told. */
  async read(id, api) {
    const { project, name } = fromId("ProjectTag", id, ["project", "name"]);
    const row = await api.find<Row>(`${tagsOf(project)}${path`/${name}`}`);
    if (row) await refuseMoved(project, name, api);
    return row && { id, state: { project, name, message: row.message || null, ...toOutputs(row) } };
  },

  async delete(id, api) {
    const { project, name } = fromId("ProjectTag", id, ["project", "name"]);
    await api.remove(`${tagsOf(project)}${path`/${name}`}`);
  },
});

const tagsOf = (project: string) => path`/projects/${project}/repository/tags`;

function toOutputs(row: Row) {
  return { protected: row.protected, target: row.target };
}

async function refuseMoved(project: string, name: string, api: GitLab): Promise<void> {
  if (!(await isMoved(project, name, api))) return;
  const row = await api.project<{ readonly path_with_namespace: string }>(project);
  const fault = movedTag(row?.path_with_namespace ?? project, name);
  throw new ConfigError({ code: "arguments", subject: "ProjectTag", faults: [fault] });
}

/** https://docs.gitlab.com/api/repositories/#list-repository-tree */
async function hasSameFiles(project: string, tag: string, ref: string, api: GitLab) {
  const url = path`/projects/${project}/repository/tree`;
  const [there, wanted] = await Promise.all(
    [tag, ref].map((each) => api.rows<Entry>(url, { ref: each, recursive: true })),
  );
  return isDeepStrictEqual(there, wanted);
}
