import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** One that releases. */
export const tag = "v1.2.0";

/** A package that the pipelines of its tags upload. */
export const args: DebianPackagePipelineArgs = {
  package: "ying",
  targets: [{ codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" }],
  tags: ["infra"],
  installPrefix: "/usr",
  releaseTags: "v*",
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.ying of the stack prod",
};
