import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** A package of which each upload leaves three versions. */
export const args: DebianPackagePipelineArgs = {
  package: "ying",
  targets: [{ codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" }],
  tags: ["infra"],
  installPrefix: "/usr",
  keepVersions: 3,
  strictVersions: true,
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.ying of the stack prod",
};
