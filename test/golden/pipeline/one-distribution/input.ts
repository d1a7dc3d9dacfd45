import type { DebianPackagePipelineArgs } from "../../../../pipeline/debian-package.ts";

/** One distribution, published at the server's root for two architectures, by a runner without tags. */
export const args: DebianPackagePipelineArgs = {
  package: "libfoo",
  targets: [{ codename: "noble", image: "registry.example.com/team_a/builder-noble:2" }],
  tags: [],
  installPrefix: "/usr",
  apt: {
    prefix: "",
    repository: "team_a",
    component: "contrib",
    architectures: ["amd64", "arm64"],
  },
  artifactsExpireIn: "3 days",
  origin: "trunkline:packages.libfoo of the stack prod",
};
