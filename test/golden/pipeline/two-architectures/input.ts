import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** Machines of two architectures, tests on each, and one upload of what both built. */
export const args: DebianPackagePipelineArgs = {
  package: "datahook",
  targets: [
    { codename: "bookworm", image: "$BUILDER_IMAGE_BOOKWORM" },
    { codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" },
  ],
  tags: ["infra"],
  architectures: [
    { name: "amd64", tags: ["infra"] },
    { name: "arm64", tags: ["infra-arm64"] },
  ],
  installPrefix: "/opt/trunk30",
  uses: ["ying"],
  tests: { script: ["datahook-check --report junit.xml"], reports: ["junit.xml"] },
  apt: {
    prefix: "trunk",
    repository: "infra",
    component: "main",
    architectures: ["amd64", "arm64"],
  },
  origin: "trunkline:packages.datahook of the stack dev",
};
