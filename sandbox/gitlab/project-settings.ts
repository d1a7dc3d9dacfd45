import { z } from "zod";
import { flag, integer, list, text } from "./input.ts";

/** Settings of a project. https://docs.gitlab.com/api/projects/#edit-a-project */

const access = z.enum(["disabled", "private", "enabled"]);
const publicAccess = z.enum(["disabled", "private", "enabled", "public"]);

const accessLevels = {
  issues_access_level: access,
  repository_access_level: access,
  merge_requests_access_level: access,
  forking_access_level: access,
  wiki_access_level: access,
  builds_access_level: access,
  snippets_access_level: access,
  analytics_access_level: access,
  container_registry_access_level: access,
  security_and_compliance_access_level: access,
  releases_access_level: access,
  environments_access_level: access,
  feature_flags_access_level: access,
  infrastructure_access_level: access,
  monitor_access_level: access,
  model_experiments_access_level: access,
  model_registry_access_level: access,
  pages_access_level: publicAccess,
  package_registry_access_level: publicAccess,
};

/** Settings that both POST and PUT take. */
const common = {
  ...accessLevels,
  build_git_strategy: z.enum(["fetch", "clone"]),
  build_timeout: integer,
  ci_config_path: text.nullable(),
  merge_method: z.enum(["merge", "rebase_merge", "ff"]),
  squash_option: z.enum(["never", "always", "default_on", "default_off"]),
  only_allow_merge_if_pipeline_succeeds: flag,
  only_allow_merge_if_all_discussions_are_resolved: flag,
  allow_merge_on_skipped_pipeline: flag,
  resolve_outdated_diff_discussions: flag,
  auto_devops_enabled: flag,
  auto_devops_deploy_strategy: z.enum(["continuous", "manual", "timed_incremental"]),
  remove_source_branch_after_merge: flag,
  printing_merge_request_link_enabled: flag,
  lfs_enabled: flag,
  request_access_enabled: flag,
  shared_runners_enabled: flag,
  group_runners_enabled: flag,
  packages_enabled: flag,
  emails_enabled: flag,
  autoclose_referenced_issues: flag,
  public_jobs: flag,
  auto_cancel_pending_pipelines: z.enum(["enabled", "disabled"]),
  resource_group_default_process_mode: z.enum([
    "unordered",
    "oldest_first",
    "newest_first",
    "newest_ready_first",
  ]),
  merge_commit_template: text.nullable(),
  squash_commit_template: text.nullable(),
  suggestion_commit_message: text.nullable(),
  issue_branch_template: text.nullable(),
  merge_request_title_regex: text.nullable(),
  merge_request_title_regex_description: text.nullable(),
  repository_storage: text,
  topics: list,
};

/** Settings that POST drops without a word: only PUT takes them. */
const updateOnly = {
  ci_default_git_depth: integer.nullable(),
  ci_forward_deployment_enabled: flag,
  ci_forward_deployment_rollback_allowed: flag,
  ci_separated_caches: flag,
  keep_latest_artifact: flag,
  ci_pipeline_variables_minimum_override_role: z.enum([
    "no_one_allowed",
    "developer",
    "maintainer",
    "owner",
  ]),
  ci_push_repository_for_job_token_allowed: flag,
  ci_id_token_sub_claim_components: list,
  ci_delete_pipelines_in_seconds: integer.nullable(),
  max_artifacts_size: integer.nullable(),
  mr_default_target_self: flag,
  ci_display_pipeline_variables: flag,
  protect_merge_request_pipelines: flag,
};

const paidFields = [
  "ci_restrict_pipeline_cancellation_role",
  "merge_pipelines_enabled",
  "merge_trains_enabled",
  "merge_trains_skip_train_allowed",
  "auto_duo_code_review_enabled",
  "pre_receive_secret_detection_enabled",
  "external_authorization_classification_label",
  "requirements_access_level",
  "issues_template",
  "merge_requests_template",
  "prevent_merge_without_jira_issue",
  "allow_pipeline_trigger_approve_deployment",
];

/** Paid settings, which the free tier takes and forgets. */
const paid = Object.fromEntries(paidFields.map((name) => [name, z.unknown()]));

const expiration = z.strictObject({
  cadence: text.optional(),
  enabled: flag.optional(),
  keep_n: integer.nullable().optional(),
  older_than: text.nullable().optional(),
  name_regex: text.nullable().optional(),
  name_regex_delete: text.nullable().optional(),
  name_regex_keep: text.nullable().optional(),
});

const ignored = { ...paid, container_expiration_policy_attributes: expiration };

const stored = z.object({ ...common, ...updateOnly });

/** What a project remembers of its settings. */
export type ProjectSettings = z.output<typeof stored> & {
  container_expiration_policy: Record<string, unknown>;
};

/** Parameters of POST that are settings, the dropped ones included. */
export const projectSettingsParameters = z
  .object({ ...common, ...updateOnly, ...ignored })
  .partial().shape;

/** Settings to store of what a call gave; a POST passes `create` and loses the PUT-only ones. */
export function toProjectSettings(
  given: Record<string, unknown>,
  verb: "create" | "update",
  before: ProjectSettings,
): ProjectSettings {
  const known = Object.keys(verb === "create" ? common : { ...common, ...updateOnly });
  const picked = known.filter((name) => given[name] !== undefined);
  const policy = given.container_expiration_policy_attributes as object | undefined;
  return {
    ...before,
    ...Object.fromEntries(picked.map((name) => [name, given[name]])),
    container_expiration_policy: { ...before.container_expiration_policy, ...policy },
  };
}

function allEnabled(): Record<keyof typeof accessLevels, "enabled"> {
  const names = Object.keys(accessLevels) as (keyof typeof accessLevels)[];
  return Object.fromEntries(names.map((name) => [name, "enabled"])) as Record<
    keyof typeof accessLevels,
    "enabled"
  >;
}

/** Settings of a project for which nothing was asked. */
export const projectDefaults: ProjectSettings = {
  ...allEnabled(),
  security_and_compliance_access_level: "private",
  pages_access_level: "private",
  build_git_strategy: "fetch",
  build_timeout: 3600,
  ci_config_path: "",
  merge_method: "merge",
  squash_option: "default_off",
  only_allow_merge_if_pipeline_succeeds: false,
  only_allow_merge_if_all_discussions_are_resolved: false,
  allow_merge_on_skipped_pipeline: false,
  resolve_outdated_diff_discussions: false,
  auto_devops_enabled: false,
  auto_devops_deploy_strategy: "continuous",
  remove_source_branch_after_merge: true,
  printing_merge_request_link_enabled: true,
  lfs_enabled: true,
  request_access_enabled: true,
  shared_runners_enabled: true,
  group_runners_enabled: true,
  packages_enabled: true,
  emails_enabled: true,
  autoclose_referenced_issues: true,
  public_jobs: true,
  auto_cancel_pending_pipelines: "enabled",
  resource_group_default_process_mode: "unordered",
  merge_commit_template: null,
  squash_commit_template: null,
  suggestion_commit_message: null,
  issue_branch_template: null,
  merge_request_title_regex: null,
  merge_request_title_regex_description: null,
  repository_storage: "default",
  topics: [],
  ci_default_git_depth: 20,
  ci_forward_deployment_enabled: true,
  ci_forward_deployment_rollback_allowed: true,
  ci_separated_caches: true,
  keep_latest_artifact: true,
  ci_pipeline_variables_minimum_override_role: "developer",
  ci_push_repository_for_job_token_allowed: false,
  ci_id_token_sub_claim_components: ["project_path", "ref_type", "ref"],
  ci_delete_pipelines_in_seconds: null,
  max_artifacts_size: null,
  mr_default_target_self: false,
  ci_display_pipeline_variables: false,
  protect_merge_request_pipelines: false,
  container_expiration_policy: {
    cadence: "1d",
    enabled: false,
    keep_n: 10,
    older_than: "90d",
    name_regex: ".*",
    name_regex_keep: null,
  },
};
