import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** ROS is in the image of one distribution, which is made elsewhere, and not in the other's. */
export const args: DebianPackagePipelineArgs = {
  package: "hooknode",
  targets: [
    { codename: "bookworm", image: "registry.example.com/ros-humble:bookworm" },
    { codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.hooknode of the stack dev",
};
