import { z } from "zod";
import { type Properties, prop } from "../../kit/property.ts";

const bool = z.boolean().optional();
const text = z.string().optional();
const access = z.enum(["disabled", "private", "enabled"]).optional();
const publicAccess = z.enum(["disabled", "private", "enabled", "public"]).optional();

/** Who may use what. https://docs.gitlab.com/api/projects/#project-feature-visibility-level */
const accessInputs = {
  issuesAccessLevel: prop(access, "Who sees issues."),
  repositoryAccessLevel: prop(access, "Who sees the repository."),
  mergeRequestsAccessLevel: prop(access, "Who sees merge requests."),
  forkingAccessLevel: prop(access, "Who may fork."),
  wikiAccessLevel: prop(access, "Who sees the wiki."),
  buildsAccessLevel: prop(access, "Who sees pipelines."),
  snippetsAccessLevel: prop(access, "Who sees snippets."),
  analyticsAccessLevel: prop(access, "Who sees analytics."),
  containerRegistryAccessLevel: prop(access, "Who sees the container registry."),
  securityAndComplianceAccessLevel: prop(access, "Who sees security and compliance."),
  releasesAccessLevel: prop(access, "Who sees releases."),
  environmentsAccessLevel: prop(access, "Who sees environments."),
  featureFlagsAccessLevel: prop(access, "Who sees feature flags."),
  infrastructureAccessLevel: prop(access, "Who sees infrastructure."),
  monitorAccessLevel: prop(access, "Who sees monitoring."),
  modelExperimentsAccessLevel: prop(access, "Who sees model experiments."),
  modelRegistryAccessLevel: prop(access, "Who sees the model registry."),
  pagesAccessLevel: prop(publicAccess, "Who sees the pages."),
  packageRegistryAccessLevel: prop(publicAccess, "Who sees the package registry."),
  requirementsAccessLevel: prop(access, "Who sees requirements. Paid tiers only."),
} satisfies Properties;

/** https://docs.gitlab.com/user/project/merge_requests/ */
const mergeInputs = {
  mergeMethod: prop(
    z.enum(["merge", "rebase_merge", "ff"]).optional(),
    "How branches are merged: with a merge commit, rebased with one, or fast-forward only.",
  ),
  squashOption: prop(
    z.enum(["never", "always", "default_on", "default_off"]).optional(),
    "Whether commits are squashed.",
  ),
  onlyAllowMergeIfPipelineSucceeds: prop(bool, "Whether merging waits for the pipeline."),
  onlyAllowMergeIfAllDiscussionsAreResolved: prop(bool, "Whether merging waits for discussions."),
  allowMergeOnSkippedPipeline: prop(bool, "Whether a skipped pipeline lets merge."),
  resolveOutdatedDiffDiscussions: prop(bool, "Whether discussions of changed lines are resolved."),
  removeSourceBranchAfterMerge: prop(bool, "Whether merged branches are removed."),
  printingMergeRequestLinkEnabled: prop(bool, "Whether a push answers with a merge request link."),
  autocloseReferencedIssues: prop(bool, "Whether merging closes the issues it names."),
  mergeCommitTemplate: prop(text, "Message of merge commits."),
  squashCommitTemplate: prop(text, "Message of squashed commits."),
  suggestionCommitMessage: prop(text, "Message of applied suggestions."),
  issueBranchTemplate: prop(text, "Names of branches made from issues."),
  mergeRequestTitleRegex: prop(text, "What titles of merge requests must match."),
  mergeRequestTitleRegexDescription: prop(text, "That rule in words."),
  mergePipelinesEnabled: prop(bool, "Whether merged results are tested. Paid tiers only."),
  mergeTrainsEnabled: prop(bool, "Whether merge trains are used. Paid tiers only."),
  mergeTrainsSkipTrainAllowed: prop(bool, "Whether a train may be skipped. Paid tiers only."),
  mergeRequestsTemplate: prop(text, "Text of new merge requests. Paid tiers only."),
  issuesTemplate: prop(text, "Text of new issues. Paid tiers only."),
  preventMergeWithoutJiraIssue: prop(bool, "Whether a Jira issue is needed. Paid tiers only."),
  autoDuoCodeReviewEnabled: prop(bool, "Whether GitLab Duo reviews. Paid tiers only."),
} satisfies Properties;

const otherInputs = {
  lfsEnabled: prop(bool, "Whether Git LFS may be used."),
  requestAccessEnabled: prop(bool, "Whether users may ask to become members."),
  packagesEnabled: prop(bool, "Whether the package registry is on."),
  emailsEnabled: prop(bool, "Whether e-mails are sent."),
  repositoryStorage: prop(text, "The storage of the repository. Administrators only."),
  preReceiveSecretDetectionEnabled: prop(
    bool,
    "Whether pushes are searched for secrets. Paid tiers only.",
  ),
  externalAuthorizationClassificationLabel: prop(text, "Paid tiers only."),
} satisfies Properties;

export const projectFeatureInputs = { ...accessInputs, ...mergeInputs, ...otherInputs };

/** Paid settings that GitLab takes in an update only. */
export const updateOnlyFeatureInputs = [
  "mergeTrainsEnabled",
  "mergeTrainsSkipTrainAllowed",
  "mergePipelinesEnabled",
  "mergeRequestsTemplate",
  "issuesTemplate",
  "preventMergeWithoutJiraIssue",
  "autoDuoCodeReviewEnabled",
  "preReceiveSecretDetectionEnabled",
  "requirementsAccessLevel",
] as const satisfies readonly (keyof typeof projectFeatureInputs)[];
