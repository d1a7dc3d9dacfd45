import { z } from "zod";
import { toSentence } from "../../../validation/config-error.ts";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import { expectFile, lint } from "../ci-lint.ts";
import type { GitLab } from "../client.ts";
import { isMoved, movedPin, movedTag } from "../content-tags.ts";
import { lookup } from "../declare.ts";
import { withoutLocalIncludes } from "../included-files.ts";

const shape = z
  .object({
    projects: z.array(z.string()).describe("Full paths of the projects with such a pipeline."),
    content: z.string().describe("The pipeline of one of them."),
  })
  .meta({ id: "LintPipelinesPipeline" });

type Shape = z.output<typeof shape>;

/**
 * GitLab lints a text as the pipeline of a project; which one matters to the files alone that it
 * includes, so those of a repository that is not there yet are left out. https://docs.gitlab.com/api/lint/#validate-sample-cicd-configuration
 */
export const lintPipelines = lookup({
  token: "gitlab:index/lintPipelines:lintPipelines",
  doc: "Lints pipelines with a shared file that is about to be committed, if it is not what is there; a RepositoryFile with that content is refused then. The official provider has no such function.",
  example: `
export const { refusals } = await gitlab.lintPipelines({
  project: "infra/ci",
  file: "shell.yml",
  branch: "main",
  tag: "v2",
  content: ".make: { before_script: [set -e] }",
  refs: [],
  pipelines: [{ projects: ["infra/datahook"], content: ".make: {}\\nbuild: { script: make }" }],
});
`,
  inputs: {
    project: prop(z.string(), "Full path of the project that holds the shared file."),
    file: prop(z.string(), "Where it lies there."),
    branch: prop(z.string(), "The branch that it is committed to."),
    tag: prop(z.string(), "The tag that its new state gets."),
    content: prop(z.string(), "What is to be in it."),
    refs: prop(z.array(z.string()), "Branches, tags or commits of the project that must be there."),
    pipelines: prop(z.array(shape), "Each distinct shape of pipeline that includes it."),
  },
  outputs: {
    refusals: prop(
      z.array(z.string()),
      "Why the file is refused when it is about to be committed, a sentence each.",
    ),
    unlinted: prop(z.string(), "Why nothing could be linted; empty when nothing had to be."),
  },

  async call({ project, file, branch, tag, content, refs, pipelines }, api) {
    const expected = { project, file, refs: [branch, tag], content };
    expectFile(api, { ...expected, refusals: [] });
    const missing = await findMissing(refs, project, pipelines, api);
    const moved = (await isMoved(project, tag, api)) ? [toSentence(movedTag(project, tag))] : [];
    const raw = path`/projects/${project}/repository/files/${file}`;
    const row = await api.find<{ readonly content: string }>(raw, { ref: branch });
    const isThere = row && Buffer.from(row.content, "base64").toString("utf8") === content;
    const { failures, unlinted } = isThere ? passed : await lintShapes(pipelines, project, api);
    const refusals = [...missing, ...moved, ...failures];
    expectFile(api, { ...expected, refusals });
    return { refusals, unlinted };
  },
});

async function findMissing(
  refs: readonly string[],
  project: string,
  shapes: readonly Shape[],
  api: GitLab,
) {
  const faults = refs.map(async (ref) => {
    if (await isMoved(project, ref, api)) return [movedPin(project, ref)];
    if (await api.find(commitUrl(project, ref))) return [];
    return [
      `ci.ref "${ref}"${including(ref, shapes)} is no branch, tag or commit of ${project}. Give a tag of it, or leave ref out for the newest state.`,
    ];
  });
  return (await Promise.all(faults)).flat();
}

/** How many projects a sentence names. */
const named = 3;

/** Of which projects: those whose pipelines name the state. */
function including(ref: string, shapes: readonly Shape[]): string {
  const lines = [`ref: ${ref}\n`, `ref: "${ref}"\n`];
  const naming = shapes.filter(({ content }) => lines.some((line) => content.includes(line)));
  const all = naming.flatMap(({ projects }) => projects);
  const more = all.length > named ? ` and ${all.length - named} more` : "";
  return all.length === 0 ? "" : ` of ${all.slice(0, named).join(", ")}${more}`;
}

const commitUrl = (project: string, ref: string) =>
  path`/projects/${project}/repository/commits/${ref}`;

const passed = { failures: [], unlinted: "" };

async function lintShapes(shapes: readonly Shape[], template: string, api: GitLab) {
  if (shapes.length === 0) return passed;
  const there = await listProjects(template.slice(0, template.lastIndexOf("/")), api);
  const [any] = there;
  if (any === undefined) return { ...passed, unlinted: "there is no project yet to lint in" };
  const failures: string[] = [];
  let unlinted = "";
  for (const { projects, content } of shapes) {
    const own = projects.find((each) => there.has(each));
    const project = own ?? any;
    const errors = await lint(api, project, own ? content : withoutLocalIncludes(content));
    if (errors === undefined) unlinted = `the token may not lint in ${project}`;
    const named = own ?? projects[0] ?? project;
    failures.push(...(errors ?? []).map((error) => toRefusal(named, error)));
  }
  return { failures, unlinted };
}

function toRefusal(project: string, error: string): string {
  return `GitLab refuses the pipeline of ${project} with the new shell: ${error.replace(/\.$/, "")}. Nothing was committed.`;
}

/** Full paths of the group's own projects that may have pipelines. */
async function listProjects(group: string, api: GitLab): Promise<Set<string>> {
  interface Row {
    readonly path_with_namespace: string;
    readonly archived: boolean;
    readonly builds_access_level?: string;
  }
  const rows = await api.rows<Row>(path`/groups/${group}/projects`);
  const usable = (rows ?? []).filter(
    (row) => !row.archived && row.builds_access_level !== "disabled",
  );
  return new Set(usable.map((row) => row.path_with_namespace));
}
