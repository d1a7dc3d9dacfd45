import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CiVariable } from "../sandbox/run-pipeline/ci-variables.ts";
import { readProject } from "../sandbox/run-pipeline/gitlab-project.ts";
import { connectGit } from "../sandbox/run-pipeline/source.ts";
import type { RunningSandbox } from "../sandbox/services/sandbox.ts";
import { type Contestant, measureJobs } from "./pipeline-run.ts";
import { codenames, exampleFolder, type PipelineScene } from "./pipeline-scene.ts";
import { buildTeamImage } from "./team-image.ts";

const definition = new URL("original-pipeline/", import.meta.url);

/** The pipeline that the team had, with images and repositories of its own. */
export async function createOriginalPipeline(scene: PipelineScene): Promise<Contestant> {
  const folder = join(scene.layout.root, "pipelines/original");
  const clone = join(folder, "clone");
  const { variables } = await readProject(scene.gitlab, "infra/datahook");
  const images: CiVariable[] = [];
  for (const codename of codenames) {
    await createRepository(scene, codename);
    const image = await buildTeamImage(scene, codename);
    images.push(toVariable(`TEAM_IMAGE_${codename.toUpperCase()}`, image));
  }
  let runs = 0;
  return {
    name: "the original pipeline",
    async run() {
      await commitSource(clone);
      const run = await measureJobs(scene, folder, [...variables, ...images]);
      runs += 1;
      for (const codename of codenames) await checkPublication(scene, codename, runs);
      return run;
    },
  };
}

async function createRepository({ sandbox }: PipelineScene, codename: string): Promise<void> {
  const name = `original_${codename}`;
  await askAptly(sandbox, "/repos", { Name: name });
  await askAptly(sandbox, "/publish/original", {
    SourceKind: "local",
    Sources: [{ Name: name }],
    Distribution: codename,
    Architectures: ["amd64"],
    Signing: { Batch: true },
  });
}

/** https://www.aptly.info/doc/api/ */
async function askAptly({ urls, credentials }: RunningSandbox, path: string, body: object) {
  const { aptlyUsername, aptlyPassword } = credentials;
  const response = await fetch(`${urls.aptly}${path}`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${aptlyUsername}:${aptlyPassword}`)}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}`);
}

/** A commit of its own for each run, as the key of the cache is the commit. */
async function commitSource(clone: string): Promise<void> {
  const git = connectGit("");
  await rm(clone, { recursive: true, force: true });
  await cp(exampleFolder("datahook"), clone, { recursive: true });
  await cp(definition, clone, { recursive: true });
  await git(["init", "--quiet", "--initial-branch", "main"], clone);
  await git(["remote", "add", "origin", "http://127.0.0.1/infra/original.git"], clone);
  await git(["add", "--all"], clone);
  await git(["commit", "--quiet", "--message", "Take the source of the example"], clone);
}

/** Every run adds one version to what apt sees. */
async function checkPublication({ sandbox }: PipelineScene, codename: string, versions: number) {
  const index = `original/dists/${codename}/main/binary-amd64/Packages`;
  const text = await (await fetch(new URL(index, sandbox.urls.apt))).text();
  const found = text.match(/^Package: datahook$/gm)?.length ?? 0;
  if (found === versions) return;
  throw new Error(`${index} has ${found} versions of datahook after ${versions} runs`);
}

function toVariable(key: string, value: string): CiVariable {
  return {
    key,
    value,
    variable_type: "env_var",
    protected: false,
    masked: false,
    raw: true,
    environment_scope: "*",
  };
}
