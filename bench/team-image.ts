import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { planBuilderImage } from "../image/builder-image.ts";
import { builderPackages } from "../pipeline/debian-package.ts";
import type { PipelineScene } from "./pipeline-scene.ts";

const tools = [...builderPackages.always, ...builderPackages.cmake];
/** What only trunkline's jobs need. */
const notTheTeams = ["ccache", "jq"];

/**
 * Builds and pushes an image like those that the team's jobs had: compilers, cmake, curl and the
 * team's apt source, but nothing that a package needs to be built.
 * @returns Its name.
 */
export async function buildTeamImage(scene: PipelineScene, codename: string): Promise<string> {
  const { urls, env } = scene.sandbox;
  const image = `${urls.registry}/team-${codename}:1`;
  const request = {
    codename,
    baseImage: scene.baseImage(codename),
    registry: urls.registry,
    packages: tools.filter((name) => !notTheTeams.includes(name)),
    source: {
      name: "team",
      url: new URL("trunk", urls.apt).href,
      component: "main",
      architectures: ["amd64"],
      key: await readFile(scene.layout.publicKey, "utf8"),
    },
  };
  const { dockerfile } = planBuilderImage(request, image);
  await execa("buildx", ["build", "--push", "--tag", image, "-"], { env, input: dockerfile });
  return image;
}
