import type { GroupSettings } from "./group-settings.ts";
import type { ProjectSettings } from "./project-settings.ts";

/**
 * The rows the sandbox keeps. Fields carry GitLab's own names, so a row reads like the answer it
 * becomes; only what GitLab hides or computes differs.
 */

/** What every row has: the sequential number GitLab shows as `id`. */
export interface Row {
  id: number;
}

/** `private`, `internal` (any signed-in user) or `public`. */
export type Visibility = "private" | "internal" | "public";

export interface User extends Row {
  username: string;
  name: string;
  email: string;
  admin: boolean;
  /** True for the hidden user behind a project access token. */
  bot: boolean;
  created_at: string;
}

/** A personal, project or group access token; the user decides whose rights it carries. */
export interface AccessToken extends Row {
  user_id: number;
  /** Set for a project access token: the project whose bot user holds it. */
  project_id: number | null;
  name: string;
  description: string | null;
  token: string;
  scopes: string[];
  access_level: number;
  revoked: boolean;
  created_at: string;
  last_used_at: string | null;
  /** Day of expiry, `YYYY-MM-DD`; null means never. */
  expires_at: string | null;
  /** Number of the token this one replaced by rotation. */
  rotated_from: number | null;
}

interface NamespaceFields extends Row {
  name: string;
  path: string;
}

export interface UserNamespace extends NamespaceFields {
  kind: "user";
  owner_id: number;
}

export interface Group extends NamespaceFields {
  kind: "group";
  parent_id: number | null;
  visibility: Visibility;
  description: string;
  created_at: string;
  archived: boolean;
  /** Day on which deletion was asked for, `YYYY-MM-DD`. */
  marked_for_deletion_on: string | null;
  runners_token: string;
  settings: GroupSettings;
}

/** Users' own namespaces and groups share one sequence of numbers, as in GitLab. */
export type Namespace = UserNamespace | Group;

export interface Project extends Row {
  name: string;
  path: string;
  namespace_id: number;
  creator_id: number;
  description: string | null;
  visibility: Visibility;
  default_branch: string;
  archived: boolean;
  created_at: string;
  updated_at: string;
  last_activity_at: string;
  /** Day on which deletion was asked for, `YYYY-MM-DD`. */
  marked_for_deletion_at: string | null;
  runners_token: string;
  settings: ProjectSettings;
}

/** A path a project had before; GitLab sends readers on to the new one. */
export interface Redirect extends Row {
  path: string;
  project_id: number;
}

/** Group or project that owns a row. */
export interface Parent {
  kind: "group" | "project";
  id: number;
}

export interface Variable extends Row {
  parent: Parent;
  key: string;
  value: string;
  variable_type: "env_var" | "file";
  protected: boolean;
  masked: boolean;
  hidden: boolean;
  raw: boolean;
  environment_scope: string;
  description: string | null;
}

export interface Member extends Row {
  parent: Parent;
  user_id: number;
  access_level: number;
  created_at: string;
  expires_at: string | null;
}

export interface AccessLevel {
  id: number;
  access_level: number;
}

export interface ProtectedBranch extends Row {
  project_id: number;
  /** Branch name or wildcard such as `release/*`. */
  name: string;
  push_access_levels: AccessLevel[];
  merge_access_levels: AccessLevel[];
  allow_force_push: boolean;
}

export interface ProtectedTag extends Row {
  project_id: number;
  /** Tag name or wildcard such as `v*`. */
  name: string;
  create_access_levels: AccessLevel[];
}

export type RunnerType = "instance_type" | "group_type" | "project_type";

export interface Runner extends Row {
  runner_type: RunnerType;
  group_id: number | null;
  /** Projects it serves; the first is the owner. */
  project_ids: number[];
  token: string;
  description: string | null;
  maintenance_note: string | null;
  paused: boolean;
  locked: boolean;
  run_untagged: boolean;
  tag_list: string[];
  access_level: "not_protected" | "ref_protected";
  /** Seconds; null means no limit of its own. */
  maximum_timeout: number | null;
  created_by: number;
  created_at: string;
  contacted_at: string | null;
}

export interface PipelineSchedule extends Row {
  project_id: number;
  owner_id: number;
  description: string;
  /** Always the full form, `refs/heads/x` or `refs/tags/x`. */
  ref: string;
  cron: string;
  cron_timezone: string;
  active: boolean;
  created_at: string;
  updated_at: string;
  inputs: { name: string; value: unknown }[];
  /** When it makes its next pipeline, if it is active; absent until that was found out. */
  next_run_at?: string | null;
}

export interface PipelineScheduleVariable extends Row {
  schedule_id: number;
  key: string;
  value: string;
  variable_type: "env_var" | "file";
  raw: boolean;
}

export interface DeployToken extends Row {
  parent: Parent;
  name: string;
  username: string;
  token: string;
  scopes: string[];
  expires_at: string | null;
  revoked: boolean;
}

export interface Hook extends Row {
  project_id: number;
  url: string;
  created_at: string;
  token: string | null;
  custom_headers: { key: string; value: string }[];
  url_variables: { key: string; value: string }[];
  /** Event switches and texts, under their REST names. */
  settings: Record<string, unknown>;
}
