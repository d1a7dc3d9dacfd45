/** A program built from a pinned Go module, unless a new enough one is installed. */
export interface Tool {
  /** The executable's name. */
  name: string;
  /** The pinned version. */
  version: string;
  /** The oldest installed version that is accepted. Default: `version`. */
  oldest?: string;
  /** The folder under `toolchain/` that holds its go.mod and go.sum. */
  folder: string;
  /** The Go package to build. */
  package: string;
  /** The folder of `.toolchain` that it is built into. Default: `bin`. */
  into?: string;
  /** Linker settings, `importpath.name=value`. */
  variables?: readonly string[];
  /**
   * The arguments that make an installed program print its version. Without them the program
   * cannot tell its version, so the pinned one is always built.
   */
  versionArguments?: readonly string[];
  /** What it is there for. */
  purpose: Purpose;
}

/** What a set-up is for: `make up`, `make sdk` or the tests. Each provides what those before it do. */
const purposes = ["run", "sdk", "test"] as const;
export type Purpose = (typeof purposes)[number];

/** Whether a set-up provides what is there for a purpose. */
export function provides(setUp: Purpose, purpose: Purpose): boolean {
  return purposes.indexOf(purpose) <= purposes.indexOf(setUp);
}

/** The purpose of a name; undefined for a text that names none. */
export function findPurpose(name: string | undefined): Purpose | undefined {
  return purposes.find((purpose) => purpose === name);
}

/** Every tool, in the order of set-up: quick builds first. */
export const tools: readonly Tool[] = [
  {
    name: "pulumi-language-nodejs",
    version: "3.66.0",
    folder: "language-nodejs",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    purpose: "run",
  },
  {
    name: "buildkitd",
    version: "0.31.1",
    folder: "buildkit",
    package: "github.com/moby/buildkit/cmd/buildkitd",
    variables: ["github.com/moby/buildkit/version.Version=v0.31.1"],
    versionArguments: ["--version"],
    purpose: "run",
  },
  {
    name: "pulumi-resource-docker-build",
    version: "0.0.22",
    folder: "docker-build",
    package: "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
    // Pulumi warns of a plugin that it finds on PATH; this is how it keeps those it installs.
    into: "plugins/resource-docker-build-v0.0.22",
    variables: ["github.com/pulumi/pulumi-docker-build/provider.Version=0.0.22"],
    purpose: "run",
  },
  {
    name: "pulumi",
    version: "3.259.0",
    folder: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    variables: ["github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.259.0"],
    versionArguments: ["version"],
    purpose: "run",
  },
  {
    name: "sdkgen",
    version: "3.259.0",
    folder: "sdkgen",
    package: ".",
    purpose: "sdk",
  },
  {
    name: "buildx",
    version: "0.35.0",
    folder: "buildx",
    package: "github.com/docker/buildx/cmd/buildx",
    variables: ["github.com/docker/buildx/version.Version=v0.35.0"],
    versionArguments: ["version"],
    purpose: "test",
  },
  {
    name: "aptly-1.6",
    version: "1.6.3",
    folder: "aptly",
    package: ".",
    versionArguments: ["version"],
    purpose: "test",
  },
  {
    name: "gitlab-runner",
    version: "19.4.0",
    oldest: "17.0.0",
    folder: "gitlab-runner",
    package: ".",
    variables: [
      "gitlab.com/gitlab-org/gitlab-runner/common.VERSION=19.4.0",
      "gitlab.com/gitlab-org/gitlab-runner/common.REVISION=fc1f1862",
    ],
    versionArguments: ["--version"],
    purpose: "test",
  },
];
