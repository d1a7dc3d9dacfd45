import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** Headers that are the same on every distribution: one compile job, an upload job for each. */
export const args: DebianPackagePipelineArgs = {
  package: "quantity",
  targets: [
    { codename: "bookworm", image: "$BUILDER_IMAGE_BOOKWORM" },
    { codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" },
  ],
  tags: ["infra"],
  architecture: "all",
  installPrefix: "/usr",
  apt: {
    prefix: "trunk",
    repository: "infra",
    component: "main",
    architectures: ["amd64", "arm64"],
  },
  origin: "trunkline:packages.quantity of the stack dev",
};
