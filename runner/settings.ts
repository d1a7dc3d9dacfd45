import { z } from "zod";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";
import { advanced } from "./advanced.ts";
import { cache } from "./cache.ts";
import { docker, kubernetes } from "./executors.ts";

/** What GitLab keeps about a runner: https://docs.gitlab.com/api/users/#create-a-runner-linked-to-a-user */
const registration = {
  tags: z.array(text(rule.runnerTag)).default([]).meta({
    description: "Tags of the jobs that it takes. Empty only with `runUntagged`.",
  }),
  runUntagged: z.boolean().default(false).meta({ description: "Take jobs without tags too." }),
  protected: z.boolean().default(false).meta({
    description: "Take jobs of protected branches and tags only.",
  }),
  // https://docs.gitlab.com/ci/runners/configure_runners/#set-the-maximum-job-timeout
  maximumTimeout: z.int().min(600).optional().meta({
    description: "Seconds after which its jobs are ended, 600 or more.",
    unset: "the project's own limit",
  }),
  paused: z.boolean().default(false).meta({ description: "Take no new jobs." }),
  locked: z.boolean().default(false).meta({
    description: "Cannot be enabled for further projects.",
  }),
  maintenanceNote: z.string().max(1024).optional().meta({
    description: "A note for those who look after it, at most 1024 characters.",
    unset: "none",
  }),
};

/** https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-global-section */
const process = {
  concurrency: z.int().min(1).default(1).meta({ description: "Jobs at the same time." }),
  limit: z.int().min(1).optional().meta({
    description: "Jobs of this runner at the same time, where its process has further runners.",
    unset: "`concurrency`",
  }),
  // https://docs.gitlab.com/runner/configuration/advanced-configuration/#long-polling-issues
  requestConcurrency: z.int().min(1).default(2).meta({
    description: "Requests for jobs under way at the same time; with 1 jobs may wait for a poll.",
  }),
  checkInterval: z.int().min(1).default(3).meta({
    description: "Seconds between requests for jobs.",
  }),
  shutdownTimeout: z.int().min(1).optional().meta({
    description: "Seconds that a forced stop may take.",
    unset: "30, the runner's own",
  }),
  logLevel: z
    .enum(["debug", "info", "warning", "error", "fatal", "panic"])
    .optional()
    .meta({ description: "What its process logs.", unset: "`info`, the runner's own" }),
  logFormat: z.enum(["runner", "text", "json"]).optional().meta({
    description: "How its process logs.",
    unset: "`runner`, the runner's own",
  }),
  listenAddress: text(rule.listenAddress).optional().meta({
    description: "`host:port` where its process tells Prometheus its metrics.",
    unset: "nowhere",
  }),
  sessionServer: z
    .strictObject({
      listenAddress: text(rule.listenAddress).meta({
        description: "`host:port` that the process listens on for terminals.",
      }),
      advertiseAddress: text(rule.listenAddress).optional().meta({
        description: "`host:port` at which GitLab reaches it.",
        unset: "`listenAddress`",
      }),
      sessionTimeout: z.int().min(1).optional().meta({
        description: "Seconds that a terminal keeps a job that is over.",
        unset: "1800, the runner's own",
      }),
    })
    .optional()
    .meta({ description: "Terminals into running jobs.", unset: "none" }),
};

/** https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runners-section */
const jobs = {
  executor: z.enum(["docker", "shell", "kubernetes"]).default("docker").meta({
    description: "Where its jobs run.",
  }),
  shell: z.enum(["bash", "sh", "pwsh"]).optional().meta({
    description: "Shell that scripts are written for.",
    unset: "`bash`, the runner's own",
  }),
  gitStrategy: z.enum(["clone", "fetch"]).default("clone").meta({
    description: "How a job gets its sources. `fetch` reuses work trees and needs `buildsPerSlot`.",
  }),
  buildsFolder: text(rule.absolutePath).optional().meta({
    description: "Folder for the work trees, as the executor sees it.",
    unset: "the executor's own",
  }),
  buildsPerSlot: z.boolean().default(false).meta({
    description: "Give every job that can run at the same time a folder of its own, by name.",
  }),
  jobsNameFolders: z.boolean().default(false).meta({
    description: "Let jobs name their folder by `GIT_CLONE_PATH` (`custom_build_dir`).",
  }),
  cloneUrl: text(rule.httpUrl).optional().meta({
    description: "Address that jobs clone from.",
    unset: "GitLab's own",
  }),
  environment: z.record(text(rule.variableKey), z.string()).default({}).meta({
    description: "Variables of all its jobs. No place for secrets.",
    shownIn: "jobs can print it, since GitLab masks no variables but its own",
  }),
  featureFlags: z.record(text(rule.featureFlag), z.boolean()).default({}).meta({
    description: "The runner's feature flags, `FF_…`.",
  }),
  outputLimit: z.int().min(1).optional().meta({
    description: "Kilobytes of a job's log that are kept.",
    unset: "4096, the runner's own",
  }),
};

/**
 * Everything that can be said about a runner: the one declaration behind `trunkline:runners` and the
 * arguments of the component. The fields' meanings stand in docs/configuration.md.
 */
export const runnerSettings = z.strictObject({
  description: z.string().optional().meta({
    description: "What GitLab's runner list shows.",
    unset: "its name",
  }),
  ...registration,
  ...process,
  ...jobs,
  docker: docker.optional().meta({
    description: "For the executor `docker`.",
    unset: "the defaults below",
  }),
  kubernetes: kubernetes.optional().meta({
    description: "For the executor `kubernetes`.",
    unset: "the defaults below",
  }),
  cache: cache.optional().meta({
    description: "Where the jobs' caches are shared between machines.",
    unset: "on the machine alone",
  }),
  advanced: advanced.optional().meta({
    description: "Settings of `config.toml` that have no key here, by their names there.",
    keepsSecret: true,
    unset: "none",
  }),
});

/** As a user writes them. */
export type RunnerSettingsInput = z.input<typeof runnerSettings>;

/** With the defaults filled in. */
export type RunnerSettings = z.output<typeof runnerSettings>;
