import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** A package that uses another one, signed with a key of its own and with arguments for cmake. */
export const args: DebianPackagePipelineArgs = {
  package: "datahook",
  targets: [
    { codename: "bookworm", image: "127.0.0.1:5050/builder-bookworm:0123456789ab" },
    { codename: "trixie", image: "127.0.0.1:5050/builder-trixie:0123456789ab" },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  uses: ["ying"],
  cmakeArguments: ["-DBUILD_TESTING=OFF", "-DMAINTAINER=O'Neil & sons"],
  apt: {
    prefix: "trunk",
    repository: "infra",
    component: "main",
    architectures: ["amd64"],
    signingKey: "0123456789ABCDEF0123456789ABCDEF01234567",
  },
  origin: "trunkline:packages.datahook of the stack dev",
};
