import { getStack, secret } from "@pulumi/pulumi";
import { AptRepository } from "./components/apt-repository.ts";
import { BuilderImage } from "./components/builder-image.ts";
import { PackageGroup } from "./components/package-group.ts";
import { PackageProject } from "./components/package-project.ts";
import { RunnerFleet } from "./components/runner-fleet.ts";
import { builderPackages, debianPackagePipeline } from "./pipeline/debian-package.ts";
import { planBuilderImages, planRunners, planTargets, usesInstanceRunner } from "./stack/plan.ts";
import { readStack } from "./stack/read.ts";
import { createStackRunner } from "./stack/runners.ts";
import { mapEntries } from "./validation/entries.ts";

const { configuration, connections } = readStack();
const { apt, protect, onDestroy } = configuration;
const { gitlabUrl, aptlyUrl, aptUrl, aptKey, aptlyUsername, aptlyPassword } = connections;

const repository = new AptRepository(
  "apt",
  {
    ...apt,
    distributions: Object.keys(configuration.distributions),
    forceDestroy: onDestroy === "delete",
  },
  { protect },
);

const images = mapEntries(
  planBuilderImages(configuration, { tools: builderPackages, aptUrl, key: aptKey }),
  (codename, image) => new BuilderImage(`builder-${codename}`, image).ref,
);

const group = new PackageGroup(
  "packages",
  {
    path: configuration.group,
    aptly: { url: aptlyUrl, aptUrl, username: aptlyUsername, password: secret(aptlyPassword) },
    builderImages: images,
    onDestroy,
  },
  { protect },
);

const projects = mapEntries(
  configuration.packages,
  (name, entry) =>
    new PackageProject(
      name,
      {
        ...entry,
        path: entry.project,
        namespaceId: group.groupId,
        instanceRunners: usesInstanceRunner(configuration, entry),
        onDestroy,
        pipeline: debianPackagePipeline({
          ...entry,
          package: name,
          apt,
          targets: planTargets(entry),
          origin: `trunkline:packages.${name} of the stack ${getStack()}`,
        }),
      },
      { protect, dependsOn: [repository, group] },
    ),
);

const runners = mapEntries(planRunners(configuration), (name, planned) =>
  createStackRunner(name, planned, { gitlabUrl, group, projects }),
);
const members = Object.values(runners).flatMap(({ runner, host }) =>
  host ? [runner, host] : [runner],
);
new RunnerFleet("runners", { members }, { protect });

/** Clone address of each project. */
export const repositories = mapEntries(projects, (_, { httpUrlToRepo }) => httpUrlToRepo);
/** Builder image of each distribution. */
export const builderImages = images;
/** The whole config.toml of each runner; secret. */
export const runnerConfigs = mapEntries(runners, (_, { runner }) => runner.config);
/** What apt clients put into sources.list. */
export const aptSources = repository.sources(aptUrl, "/etc/apt/keyrings/trunkline.asc");
