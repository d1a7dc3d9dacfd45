import { deferredOutput, output, secret } from "@pulumi/pulumi";
import { AptMirror } from "./components/apt-mirror.ts";
import { AptRepository } from "./components/apt-repository.ts";
import { BuilderImage } from "./components/builder-image.ts";
import { DestroyGuard } from "./components/destroy-guard.ts";
import { PackageProject } from "./components/package-project.ts";
import { TemplateProject } from "./components/template-project.ts";
import { keyFile } from "./image/apt-sources.ts";
import { checkBuildDepends } from "./stack/build-depends.ts";
import { optionsOf, readDeclared, toDeclared } from "./stack/declared.ts";
import { findExisting } from "./stack/existing.ts";
import { checkForeignUses } from "./stack/foreign-uses.ts";
import { createGroups, planAccess, planGroups } from "./stack/groups.ts";
import { planImages, readWhileBuilding } from "./stack/images.ts";
import { planMirrors } from "./stack/mirrors.ts";
import { planPipelines, planProject, planRepository, planTemplates } from "./stack/plan.ts";
import { readStack } from "./stack/read.ts";
import { warnOfRegistry } from "./stack/registry-access.ts";
import { refuseLosses } from "./stack/retirement.ts";
import { planRunners } from "./stack/runner-plan.ts";
import { createStackRunner } from "./stack/runners.ts";
import { mapEntries } from "./validation/entries.ts";

const { configuration, connections } = readStack();
const { protect } = configuration;
void warnOfRegistry(configuration);
const { users } = await findExisting(configuration);
const before = await readDeclared();
await refuseLosses(configuration, before);
const imagePlans = planImages(configuration, connections);
await checkBuildDepends(configuration, imagePlans);
await checkForeignUses(configuration, connections);

const repository = new AptRepository("apt", planRepository(configuration), { protect });

const mirrors = mapEntries(
  planMirrors(configuration, connections),
  (name, mirror) => new AptMirror(`mirror-${name}`, mirror),
);

const dependsOn = readWhileBuilding(configuration, { repository, mirrors });
const images = mapEntries(
  imagePlans,
  (key, image) => new BuilderImage(`builder-${key}`, image, { dependsOn }).ref,
);

const access = planAccess(connections, images);
const groups = createGroups(planGroups(configuration, access), { protect });

const pipelines = planPipelines(configuration);
const [projectsMade, tellProjectsMade] = deferredOutput<unknown>();
const templates = mapEntries(
  planTemplates(configuration, { groups, pipelines, projectsMade }),
  (name, template) => new TemplateProject(name, template, { protect }),
);

const plans = mapEntries(configuration.packages, (key) =>
  planProject(configuration, key, { groups, pipelines, templates, access, users, before }),
);
const projects = mapEntries(plans, (key, plan) => {
  const { name, options } = optionsOf(configuration, key, before);
  return new PackageProject(name, plan, {
    ...options,
    dependsOn: [repository, ...Object.values(groups)],
  });
});
tellProjectsMade(output(Object.values(projects).map(({ nodes }) => nodes.project.id)));

const runners = mapEntries(planRunners(configuration), (name, planned) =>
  createStackRunner(name, planned, { gitlabUrl: connections.gitlabUrl, groups, projects }),
);
const members = Object.values(runners).flatMap((runner) => runner.members);
const kept = [
  repository,
  ...Object.values(mirrors),
  ...Object.values(groups),
  ...Object.values(templates),
  ...Object.values(projects),
];
new DestroyGuard(
  "trunkline:protect",
  { members: [...kept, ...members] },
  { protect, aliases: [{ type: "trunkline:ci:RunnerFleet", name: "runners" }] },
);

/** What the next update finds missing when it has left the configuration. A secret, so that no preview prints it. */
export const declared = secret(toDeclared(configuration, plans));
/** Clone address of each project. */
export const repositories = mapEntries(projects, (_, { httpUrlToRepo }) => httpUrlToRepo);
/** Tag of the shell's state that the template project has, to pin it elsewhere. */
export const templateTags = mapEntries(templates, (_, { tag }) => tag);
/** Builder image of each distribution, and of each group of packages there. */
export const builderImages = images;
/** The whole config.toml of each runner; secret. */
export const runnerConfigs = mapEntries(runners, (_, { runner }) => runner.config);
/** What apt clients put into sources.list. */
export const aptSources = repository.sources(connections.aptUrl, (codename) =>
  keyFile(codename, "trunkline"),
);
