import { z } from "zod";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";

const pullPolicies = z.array(z.enum(["always", "if-not-present", "never"])).min(1);
const patterns = z.array(z.string().min(1)).min(1);

/** What both executors that run containers know by the same names. */
const containers = {
  pullPolicy: pullPolicies.default(["always", "if-not-present"]).meta({
    description: "How images are pulled; a further policy is tried when one fails.",
  }),
  allowedPullPolicies: pullPolicies.optional().meta({
    description: "Pull policies that a job may ask for.",
    unset: "`pullPolicy`",
  }),
  allowedImages: patterns.optional().meta({
    description: "Patterns of the images that jobs may name, for example `registry.example.com/*`.",
    unset: "all",
  }),
  allowedServices: patterns.optional().meta({
    description: "Patterns of the services that jobs may name.",
    unset: "all",
  }),
  privileged: z.boolean().default(false).meta({
    description: "Give containers the machine's own rights. Only with `protected`.",
  }),
  helperImage: text(rule.imageReference).optional().meta({
    description: "Image that clones sources and moves artifacts.",
    unset: "the one of the runner's version",
  }),
};

/** https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section */
export const docker = z.strictObject({
  ...containers,
  volumes: z.array(text(rule.volume)).default(["/cache"]).meta({
    description: "Volumes of every job, `/path` or `source:/path[:options]`.",
  }),
  extraHosts: z.array(text(rule.extraHost)).optional().meta({
    description: "Names that jobs can resolve, as `host:address`.",
    unset: "none",
  }),
  networkMode: z.string().min(1).optional().meta({
    description: "Docker network of the jobs.",
    unset: "Docker's own bridge",
  }),
  memory: text(rule.memory).optional().meta({
    description: "Memory of a job, for example `2g`.",
    unset: "no limit",
  }),
  cpus: text(rule.cpus).optional().meta({
    description: "Processors of a job, for example `1.5`.",
    unset: "no limit",
  }),
});

/** https://docs.gitlab.com/runner/executors/kubernetes/#configuration-settings */
export const kubernetes = z.strictObject({
  ...containers,
  namespace: z.string().min(1).default("default").meta({
    description: "Namespace of the jobs' pods.",
  }),
  serviceAccount: z.string().min(1).optional().meta({
    description: "Service account of the jobs' pods.",
    unset: "the namespace's default",
  }),
  imagePullSecrets: z.array(z.string().min(1)).optional().meta({
    description: "Names of the secrets that images are pulled with.",
    unset: "none",
  }),
  nodeSelector: z.record(z.string().min(1), z.string()).optional().meta({
    description: "Labels of the nodes that pods may run on.",
    unset: "any node",
  }),
  cpuRequest: z.string().min(1).optional().meta({
    description: "Processors that a job's pod is promised, for example `500m`.",
    unset: "none",
  }),
  cpuLimit: z.string().min(1).optional().meta({
    description: "Processors of a job's pod at most.",
    unset: "no limit",
  }),
  memoryRequest: z.string().min(1).optional().meta({
    description: "Memory that a job's pod is promised, for example `1Gi`.",
    unset: "none",
  }),
  memoryLimit: z.string().min(1).optional().meta({
    description: "Memory of a job's pod at most.",
    unset: "no limit",
  }),
});

export type DockerSettings = z.output<typeof docker>;
