import { deferredOutput, output } from "@pulumi/pulumi";
import { AptRepository } from "./components/apt-repository.ts";
import { BuilderImage } from "./components/builder-image.ts";
import { PackageProject } from "./components/package-project.ts";
import { RunnerFleet } from "./components/runner-fleet.ts";
import { TemplateProject } from "./components/template-project.ts";
import { findExisting } from "./stack/existing.ts";
import { createGroups, groupOf, planAccess, planGroups } from "./stack/groups.ts";
import { planImages } from "./stack/images.ts";
import { planPipelines, planProject, planRepository, planTemplates } from "./stack/plan.ts";
import { readStack } from "./stack/read.ts";
import { planRunners } from "./stack/runner-plan.ts";
import { createStackRunner } from "./stack/runners.ts";
import { mapEntries } from "./validation/entries.ts";

const { configuration, connections } = readStack();
const { protect } = configuration;
const { users } = await findExisting(configuration);

const repository = new AptRepository("apt", planRepository(configuration), { protect });

const images = mapEntries(
  planImages(configuration, connections),
  (codename, image) => new BuilderImage(`builder-${codename}`, image).ref,
);

const access = planAccess(connections, images);
const groups = createGroups(planGroups(configuration, access), { protect });

const pipelines = planPipelines(configuration);
const [projectsMade, tellProjectsMade] = deferredOutput<unknown>();
const templates = mapEntries(
  planTemplates(configuration, { groups, pipelines, projectsMade }),
  (name, template) => new TemplateProject(name, template, { protect }),
);

const projects = mapEntries(
  configuration.packages,
  (name, entry) =>
    new PackageProject(
      name,
      planProject(configuration, name, { groups, pipelines, templates, access, users }),
      { protect, dependsOn: [repository, groupOf(groups, entry)] },
    ),
);
tellProjectsMade(output(Object.values(projects).map(({ nodes }) => nodes.project.id)));

const runners = mapEntries(planRunners(configuration), (name, planned) =>
  createStackRunner(name, planned, { gitlabUrl: connections.gitlabUrl, groups, projects }),
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
