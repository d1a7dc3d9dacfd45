import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** A package that is tested where it is installed, with two reports. */
export const args: DebianPackagePipelineArgs = {
  package: "datahook",
  targets: [
    { codename: "bookworm", image: "$BUILDER_IMAGE_BOOKWORM" },
    { codename: "trixie", image: "$BUILDER_IMAGE_TRIXIE" },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  uses: ["ying"],
  tests: {
    script: [
      "cmake -Stest/installed -Btested",
      "ctest --test-dir tested --output-on-failure --output-junit junit.xml",
      'datahook-check --report "reports/$CODENAME.xml"',
    ],
    reports: ["tested/junit.xml", "reports/*.xml"],
  },
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.datahook of the stack dev",
};
