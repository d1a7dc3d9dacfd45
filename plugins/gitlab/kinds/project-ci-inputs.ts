import { z } from "zod";
import { type Properties, prop } from "../../kit/property.ts";

const bool = z.boolean().optional();
const int = z.int().optional();
const text = z.string().optional();

/** How a project's pipelines run. https://docs.gitlab.com/ci/pipelines/settings/ */
export const projectCiInputs = {
  ciConfigPath: prop(text, "Where the CI configuration lies; empty for `.gitlab-ci.yml`."),
  buildGitStrategy: prop(
    z.enum(["fetch", "clone"]).optional(),
    "How jobs get the sources: `fetch` reuses the work tree of an earlier job, `clone` starts from an empty folder.",
  ),
  buildTimeout: prop(int, "Seconds that a job may run."),
  ciDefaultGitDepth: prop(int, "How many commits jobs fetch; 0 for all."),
  autoCancelPendingPipelines: prop(
    z.enum(["enabled", "disabled"]).optional(),
    "Whether a new pipeline cancels older ones of its branch that still wait.",
  ),
  ciForwardDeploymentEnabled: prop(bool, "Whether deployments older than the latest are skipped."),
  ciForwardDeploymentRollbackAllowed: prop(bool, "Whether an older deployment may be retried."),
  ciSeparatedCaches: prop(bool, "Whether protected branches have caches of their own."),
  ciPipelineVariablesMinimumOverrideRole: prop(
    z.enum(["no_one_allowed", "developer", "maintainer", "owner"]).optional(),
    "The lowest role that may give variables to a pipeline.",
  ),
  ciPushRepositoryForJobTokenAllowed: prop(bool, "Whether job tokens may push."),
  ciIdTokenSubClaimComponents: prop(
    z.array(z.string()).optional(),
    "What the `sub` claim of ID tokens is made of.",
  ),
  ciDeletePipelinesInSeconds: prop(int, "Seconds after which pipelines are deleted."),
  ciDisplayPipelineVariables: prop(bool, "Whether the variables of manual pipelines are shown."),
  ciRestrictPipelineCancellationRole: prop(
    text,
    "The lowest role that may cancel a pipeline. Paid tiers only.",
  ),
  keepLatestArtifact: prop(bool, "Whether the latest artifacts of each branch never expire."),
  maxArtifactsSize: prop(int, "The most MB that the artifacts of a job may have."),
  protectMergeRequestPipelines: prop(
    bool,
    "Whether merge request pipelines see protected variables.",
  ),
  publicJobs: prop(bool, "Whether everybody who sees the project sees its job logs."),
  sharedRunnersEnabled: prop(bool, "Whether instance runners take its jobs."),
  groupRunnersEnabled: prop(bool, "Whether the groups' runners take its jobs."),
  resourceGroupDefaultProcessMode: prop(
    z.enum(["unordered", "oldest_first", "newest_first", "newest_ready_first"]).optional(),
    "In which order jobs of a resource group run.",
  ),
  autoDevopsEnabled: prop(bool, "Whether Auto DevOps is used."),
  autoDevopsDeployStrategy: prop(
    z.enum(["continuous", "manual", "timed_incremental"]).optional(),
    "How Auto DevOps deploys.",
  ),
  allowPipelineTriggerApproveDeployment: prop(
    bool,
    "Whether who started a pipeline may approve its deployments. Paid tiers only.",
  ),
} satisfies Properties;

/** Those that GitLab takes in an update only, and drops from a create without a word. */
export const updateOnlyCiInputs = [
  "ciDefaultGitDepth",
  "ciForwardDeploymentEnabled",
  "ciForwardDeploymentRollbackAllowed",
  "ciSeparatedCaches",
  "ciPipelineVariablesMinimumOverrideRole",
  "ciPushRepositoryForJobTokenAllowed",
  "ciIdTokenSubClaimComponents",
  "ciDeletePipelinesInSeconds",
  "ciDisplayPipelineVariables",
  "ciRestrictPipelineCancellationRole",
  "keepLatestArtifact",
  "maxArtifactsSize",
  "protectMergeRequestPipelines",
  "allowPipelineTriggerApproveDeployment",
] as const satisfies readonly (keyof typeof projectCiInputs)[];
