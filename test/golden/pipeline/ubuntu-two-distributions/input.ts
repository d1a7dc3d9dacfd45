import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** A package for the two oldest Ubuntu releases, with images referred to by digest. */
export const args: DebianPackagePipelineArgs = {
  package: "datahook",
  targets: [
    { codename: "xenial", image: `registry.example.com/builder-xenial@sha256:${"16".repeat(32)}` },
    { codename: "bionic", image: `registry.example.com/builder-bionic@sha256:${"18".repeat(32)}` },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  uses: ["ying"],
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "trunkline:packages.datahook of the stack prod",
};
