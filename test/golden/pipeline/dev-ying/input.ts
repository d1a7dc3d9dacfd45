import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** A package that uses none of the team's own. */
export const args: DebianPackagePipelineArgs = {
  package: "ying",
  targets: [
    { codename: "bookworm", image: "127.0.0.1:5050/builder-bookworm:0123456789ab" },
    { codename: "trixie", image: "127.0.0.1:5050/builder-trixie:0123456789ab" },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.ying of the stack dev",
};
