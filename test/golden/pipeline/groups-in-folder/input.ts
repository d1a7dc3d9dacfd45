import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** CMake in a folder, a version from the pipeline's number, and two packages that conflict. */
export const args: DebianPackagePipelineArgs = {
  package: "datahook",
  targets: [
    { codename: "bookworm", image: "$BUILDER_IMAGE_BOOKWORM" },
    { codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  sourceFolder: "apps/datahook",
  cmakeArguments: ["-GNinja"],
  cmakeVariables: { DATAHOOK_PATCH: "CI_PIPELINE_IID" },
  tests: {
    script: ['datahook-check --variant "$TESTED_GROUP" --report junit.xml'],
    reports: ["junit.xml"],
    groups: { full: ["datahook", "datahook-data"], lite: ["datahook-lite"] },
  },
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.datahook of the stack dev",
};
