import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as build from "@pulumi/docker-build";
import { type ComponentResourceOptions, type Output, output } from "@pulumi/pulumi";
import { type BuilderImageRequest, planBuilderImage } from "../image/builder-image.ts";
import { Component } from "./base.ts";
import { createChild, type Transform } from "./transform.ts";

export interface BuilderImageArgs extends BuilderImageRequest {
  /** Use this image, made elsewhere, and build none. */
  readonly existing?: string | undefined;
  /** Platforms to build for. Default: `["linux/amd64"]`. */
  readonly platforms?: readonly build.Platform[];
  /** Changes to the resource that it is made of. Default: none. */
  readonly transform?: { readonly image?: Transform<build.ImageArgs> };
}

/** Relative, so that the state is the same wherever the program is checked out. */
const emptyContext = relative("", fileURLToPath(new URL("builder-context", import.meta.url)));

/**
 * The image that a distribution's jobs run in: the base image, the build dependencies, and the team's
 * own apt source with its key. It is rebuilt only when one of these changes, and never in a preview.
 *
 * ```ts
 * new BuilderImage("builder-bookworm", {
 *   codename: "bookworm", baseImage: "debian:bookworm", registry: "registry.example.com/infra",
 *   packages: ["cmake", "g++"],
 * });
 * ```
 */
export class BuilderImage extends Component {
  static readonly type = "trunkline:build:BuilderImage";
  /** What a job names as its image: by digest when it is built here. */
  readonly ref: Output<string>;
  readonly nodes: { readonly image?: build.Image };

  constructor(name: string, args: BuilderImageArgs, opts?: ComponentResourceOptions) {
    super(BuilderImage.type, name, opts);
    const parent = this;
    if (args.existing === undefined) {
      const image = createImage();
      this.nodes = { image };
      this.ref = image.ref;
    } else {
      this.nodes = {};
      this.ref = output(args.existing);
    }
    this.registerOutputs({ ref: this.ref });

    function createImage() {
      const { dockerfile, tag } = parent.plan(planBuilderImage, args);
      return createChild(build.Image, args.transform?.image)(
        `${name}-image`,
        {
          context: { location: emptyContext },
          dockerfile: { inline: dockerfile },
          tags: [tag],
          platforms: [...(args.platforms ?? [build.Platform.Linux_amd64])],
          push: true,
          buildOnPreview: false,
        },
        { parent },
      );
    }
  }
}
