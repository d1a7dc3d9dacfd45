import { describe, expect, test } from "vitest";
import { ConfigError, type Fault } from "../validation/config-error.ts";
import { planRunner, type RunnerRequest } from "./plan.ts";

const request: RunnerRequest = { description: "infra", tags: ["infra"], image: "debian:bookworm" };

function faultsOf(changes: object): readonly Fault[] {
  try {
    planRunner({ ...request, ...changes }, 'Runner "infra"');
    return [];
  } catch (error) {
    if (error instanceof ConfigError && error.code === "arguments") return error.faults;
    throw error;
  }
}

const azure = { type: "azure", bucket: "ci" };

describe("a combination that is refused", () => {
  test.each([
    ["no tags without leave for untagged jobs", { tags: [] }, "tags"],
    ["no jobs at all", { concurrency: 0 }, "concurrency"],
    ["a time below ten minutes", { maximumTimeout: 599 }, "maximumTimeout"],
    ["a limit above the process's own", { concurrency: 2, limit: 3 }, "limit"],
    ["fetch into folders that jobs may share", { gitStrategy: "fetch" }, "gitStrategy"],
    ["folders named twice", { buildsPerSlot: true, jobsNameFolders: true }, "jobsNameFolders"],
    [
      "two jobs that may name one folder",
      { concurrency: 2, jobsNameFolders: true },
      "jobsNameFolders",
    ],
    [
      "a Git strategy as variable",
      { environment: { GIT_STRATEGY: "fetch" } },
      "environment.GIT_STRATEGY",
    ],
    [
      "a folder as variable",
      { environment: { GIT_CLONE_PATH: "/a" } },
      "environment.GIT_CLONE_PATH",
    ],
    ["docker's settings in a shell", { executor: "shell", docker: {} }, "docker"],
    ["kubernetes' settings in docker", { kubernetes: {} }, "kubernetes"],
    ["PowerShell in containers", { shell: "pwsh" }, "shell"],
    [
      "a pull policy that is not allowed",
      { docker: { pullPolicy: ["always", "never"], allowedPullPolicies: ["always"] } },
      "docker.pullPolicy[1]",
    ],
    ["the machine's rights for everybody", { docker: { privileged: true } }, "docker.privileged"],
    [
      "the same in a cluster",
      { executor: "kubernetes", kubernetes: { privileged: true } },
      "kubernetes.privileged",
    ],
    [
      "the Docker engine for everybody",
      { docker: { volumes: ["/cache", "/var/run/docker.sock:/var/run/docker.sock"] } },
      "docker.volumes[1]",
    ],
    [
      "two networks",
      { docker: { networkMode: "ci" }, featureFlags: { FF_NETWORK_PER_BUILD: true } },
      "docker.networkMode",
    ],
    ["a secret without cache", { hasCacheSecret: true }, "cacheSecret"],
    ["Azure without account", { cache: azure }, "cache.accessId"],
    ["an account without secret", { cache: { ...azure, accessId: "me" } }, "cacheSecret"],
    [
      "a secret of nobody",
      { cache: { type: "s3", bucket: "ci" }, hasCacheSecret: true },
      "cache.accessId",
    ],
    [
      "S3's region for Google",
      { cache: { type: "gcs", bucket: "ci", region: "eu" } },
      "cache.region",
    ],
    [
      "two credentials",
      {
        cache: { type: "gcs", bucket: "ci", accessId: "a", credentialsFile: "/f" },
        hasCacheSecret: true,
      },
      "cache.credentialsFile",
    ],
    ["no image for containers", { image: undefined }, "image"],
    [
      "a setting that GitLab does not know",
      { advanced: { docker: { dnss: [] } } },
      "advanced.docker.dnss",
    ],
    [
      "a setting with a key of its own",
      { advanced: { runners: { limit: 1 } } },
      "advanced.runners.limit",
    ],
    [
      "another executor's setting",
      { advanced: { kubernetes: { context: "a" } } },
      "advanced.kubernetes",
    ],
    ["a key that is not there", { concurency: 2 }, "concurency"],
    ["a relative folder", { buildsFolder: "builds" }, "buildsFolder"],
    ["a volume without folder", { docker: { volumes: ["cache"] } }, "docker.volumes[0]"],
    ["a host without address", { docker: { extraHosts: ["apt"] } }, "docker.extraHosts[0]"],
    ["a flag in small letters", { featureFlags: { ff_x: true } }, "featureFlags.ff_x"],
    [
      "a terminal server without port",
      { sessionServer: { listenAddress: "a" } },
      "sessionServer.listenAddress",
    ],
  ])("%s", (_case, changes, path) => {
    expect(faultsOf(changes)).toEqual([
      { path, message: expect.any(String), fix: expect.stringMatching(/^[A-Z].*[.?]$/) },
    ]);
  });
});

describe("a combination that is accepted", () => {
  test.each([
    ["no tags with leave for untagged jobs", { tags: [], runUntagged: true }],
    [
      "fetch into a folder for each job",
      { gitStrategy: "fetch", buildsPerSlot: true, concurrency: 4 },
    ],
    ["a folder that the only job names", { jobsNameFolders: true }],
    [
      "the machine's rights on protected branches",
      { protected: true, docker: { privileged: true } },
    ],
    ["a shell without image", { executor: "shell", image: undefined }],
    ["a network without the flag", { docker: { networkMode: "ci" } }],
    ["the machine's own identity at S3", { cache: { type: "s3", bucket: "ci" } }],
    ["an account with its secret", { cache: { ...azure, accessId: "me" }, hasCacheSecret: true }],
    ["documented settings without a key", { advanced: { docker: { dns: ["192.0.2.1"] } } }],
    ["an address of IPv6", { sessionServer: { listenAddress: "[::]:8093" } }],
  ])("%s", (_case, changes) => {
    expect(faultsOf(changes)).toEqual([]);
  });
});

test("every fault is told at once", () => {
  const paths = faultsOf({ tags: [], gitStrategy: "fetch", kubernetes: {} }).map(
    ({ path }) => path,
  );
  expect(paths).toEqual(["tags", "gitStrategy", "kubernetes"]);
});

test("a misspelt setting is answered with the one that was meant", () => {
  expect(faultsOf({ advanced: { docker: { extra_host: [] } } })[0]?.fix).toBe(
    'Did you mean "extra_hosts"?',
  );
});

test("a setting with a key of its own is answered with that key", () => {
  expect(
    faultsOf({ advanced: { kubernetes: { cpu_limit: "1" } }, executor: "kubernetes" })[0]?.fix,
  ).toBe("Set kubernetes.cpuLimit instead.");
});
