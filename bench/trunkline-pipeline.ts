import { join } from "node:path";
import { readProject } from "../sandbox/run-pipeline/gitlab-project.ts";
import { cloneProject, connectGit, pushSource } from "../sandbox/run-pipeline/source.ts";
import { type Contestant, measureJobs } from "./pipeline-run.ts";
import { exampleFolder, type PipelineScene } from "./pipeline-scene.ts";

/** The pipeline of datahook that the stack committed. Its upload jobs read back what they published. */
export async function createTrunklinePipeline(scene: PipelineScene): Promise<Contestant> {
  const folder = join(scene.layout.root, "pipelines/trunkline");
  const clone = join(folder, "clone");
  const project = await readProject(scene.gitlab, "infra/datahook");
  const git = connectGit(scene.gitlab.token);
  await pushSource(git, project, { source: exampleFolder("datahook"), folder: clone });
  return {
    name: "trunkline's pipeline",
    async run() {
      await cloneProject(git, project, clone);
      return measureJobs(scene, folder, project.variables);
    },
  };
}
