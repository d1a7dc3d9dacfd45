import type { Deletable } from "../plugins/gitlab/marked.ts";

export type { VariableRow } from "../plugins/gitlab/kinds/variable.ts";

/** What is read of a group. https://docs.gitlab.com/api/groups/ */
export interface GroupRow extends Deletable {
  readonly id: number;
  readonly parent_id: number | null;
  readonly path: string;
  readonly full_path: string;
  readonly description: string | null;
  readonly visibility: "private" | "internal" | "public";
}

/** What is read of a project. https://docs.gitlab.com/api/projects/ */
export interface ProjectRow extends Deletable {
  readonly id: number;
  readonly path: string;
  readonly path_with_namespace: string;
  readonly namespace: { readonly id: number; readonly full_path: string };
  readonly description: string | null;
  readonly visibility: "private" | "internal" | "public";
  readonly default_branch: string | null;
  readonly empty_repo: boolean;
  readonly archived: boolean;
  readonly topics?: readonly string[];
  readonly build_git_strategy?: string;
  readonly ci_config_path?: string | null;
  readonly repository_access_level?: string;
  readonly only_allow_merge_if_pipeline_succeeds?: boolean;
  readonly allow_merge_on_skipped_pipeline?: boolean | null;
  readonly only_allow_merge_if_all_discussions_are_resolved?: boolean;
  readonly remove_source_branch_after_merge?: boolean | null;
  readonly merge_method?: string;
  readonly squash_option?: string;
}

interface GrantRow {
  readonly access_level: number | null;
  readonly user_id?: number | null;
  readonly group_id?: number | null;
  readonly deploy_key_id?: number | null;
}

/** https://docs.gitlab.com/api/protected_branches/ */
export interface ProtectionRow {
  readonly name: string;
  readonly push_access_levels: readonly GrantRow[];
  readonly merge_access_levels: readonly GrantRow[];
  readonly unprotect_access_levels?: readonly GrantRow[];
  readonly allow_force_push: boolean;
  readonly code_owner_approval_required?: boolean;
}

/** https://docs.gitlab.com/api/pipeline_schedules/ */
export interface ScheduleRow {
  readonly id: number;
  readonly description: string;
  readonly ref: string;
  readonly cron: string;
  readonly cron_timezone: string;
  readonly active: boolean;
  readonly inputs?: readonly unknown[];
  readonly variables?: readonly {
    readonly key: string;
    readonly value: string;
    readonly variable_type: "env_var" | "file";
  }[];
}

/** https://docs.gitlab.com/api/runners/ */
export interface RunnerRow {
  readonly id: number;
  readonly description: string | null;
  readonly runner_type: "instance_type" | "group_type" | "project_type";
  readonly tag_list?: readonly string[];
  readonly groups?: readonly { readonly id: number }[];
  readonly projects?: readonly { readonly id: number }[];
}
