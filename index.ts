import { deferredOutput, output } from "@pulumi/pulumi";
import { AptRepository } from "./components/apt-repository.ts";
import { BuilderImage } from "./components/builder-image.ts";
import { PackageGroup } from "./components/package-group.ts";
import { PackageProject } from "./components/package-project.ts";
import { RunnerFleet } from "./components/runner-fleet.ts";
import { TemplateProject } from "./components/template-project.ts";
import { planImages } from "./stack/images.ts";
import {
  planGroup,
  planPipelines,
  planProject,
  planRepository,
  planTemplates,
} from "./stack/plan.ts";
import { readStack } from "./stack/read.ts";
import { warnOfRegistry } from "./stack/registry-access.ts";
import { planRunners } from "./stack/runner-plan.ts";
import { createStackRunner } from "./stack/runners.ts";
import { mapEntries } from "./validation/entries.ts";

const { configuration, connections } = readStack();
const { protect } = configuration;
void warnOfRegistry(configuration);

const repository = new AptRepository("apt", planRepository(configuration), { protect });

const images = mapEntries(
  planImages(configuration, connections),
  (codename, image) => new BuilderImage(`builder-${codename}`, image).ref,
);

const group = new PackageGroup("packages", planGroup(configuration, connections, images), {
  protect,
});
const namespaceId = group.groupId;

const pipelines = planPipelines(configuration);
const [projectsMade, tellProjectsMade] = deferredOutput<unknown>();
const templates = mapEntries(
  planTemplates(configuration, { namespaceId, pipelines, projectsMade }),
  (name, template) => new TemplateProject(name, template, { protect }),
);
const pipelineAfter = Object.values(templates).flatMap(({ committed }) => committed);

const projects = mapEntries(
  configuration.packages,
  (name) =>
    new PackageProject(
      name,
      planProject(configuration, name, { namespaceId, pipelines, pipelineAfter }),
      { protect, dependsOn: [repository, group] },
    ),
);
tellProjectsMade(output(Object.values(projects).map(({ nodes }) => nodes.project.id)));

const runners = mapEntries(planRunners(configuration), (name, planned) =>
  createStackRunner(name, planned, { gitlabUrl: connections.gitlabUrl, group, projects }),
);
new RunnerFleet(
  "runners",
  { members: Object.values(runners).flatMap(({ members }) => members) },
  { protect },
);

/** Clone address of each project. */
export const repositories = mapEntries(projects, (_, { httpUrlToRepo }) => httpUrlToRepo);
/** Tag of the shell's state that the template project has, to pin it elsewhere. */
export const templateTags = mapEntries(templates, (_, { tag }) => tag);
/** Builder image of each distribution. */
export const builderImages = images;
/** The whole config.toml of each runner; secret. */
export const runnerConfigs = mapEntries(runners, (_, { runner }) => runner.config);
/** What apt clients put into sources.list. */
export const aptSources = repository.sources(connections.aptUrl, "/etc/apt/keyrings/trunkline.asc");
