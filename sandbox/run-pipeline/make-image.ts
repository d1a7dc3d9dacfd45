import type { Docker } from "./docker-engine.ts";

export interface ImageArgs {
  /** The name of the image to make. */
  image: string;
  /** The image to start from. */
  base: string;
  /** A shell script, which root runs in it. */
  script: string;
  /** Files of this machine to put into it, by their place there. Default: none. */
  files?: Readonly<Record<string, string>>;
  /** Lines of a Dockerfile for the image's settings, for example `CMD ["bash"]`. */
  changes: readonly string[];
}

/** Makes an image of what a script and files add to another, on the machine's own network. */
export async function makeImage(docker: Pick<Docker, "run">, args: ImageArgs): Promise<void> {
  const { image, base, script, files = {}, changes } = args;
  const container = await docker.run(["create", "--network", "host", base, "sh", "-ec", script]);
  try {
    await docker.run(["start", "--attach", container]);
    for (const [place, file] of Object.entries(files)) {
      await docker.run(["cp", "--follow-link", file, `${container}:${place}`]);
    }
    const settings = changes.flatMap((change) => ["--change", change]);
    await docker.run(["commit", ...settings, container, image]);
  } finally {
    await docker.run(["rm", "--force", container]);
  }
}

/**
 * A local image with bash and rsync, in which gitlab-ci-local copies files in and out.
 * @param base The image to make it from when it is not there yet.
 * @returns Its name.
 */
export async function ensureHelperImage(docker: Docker, base: string): Promise<string> {
  const image = "trunkline/pipeline-helper:1";
  if ((await docker.run(["image", "ls", "--quiet", image])) !== "") return image;
  const script = "apt-get update && apt-get install --yes --no-install-recommends rsync";
  await makeImage(docker, { image, base, script, changes: ['CMD ["bash"]'] });
  return image;
}
