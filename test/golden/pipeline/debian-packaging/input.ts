import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** A package with its own packaging in `debian/`. */
export const args: DebianPackagePipelineArgs = {
  package: "hookrate",
  targets: [
    { codename: "bookworm", image: "$BUILDER_IMAGE_BOOKWORM" },
    { codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" },
  ],
  tags: ["infra"],
  buildSystem: "debian",
  installPrefix: "/usr",
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.hookrate of the stack dev",
};
