import type { Row } from "../entities.ts";
import type { JobSpec } from "./job-spec.ts";
import type { JobStatus } from "./statuses.ts";
import type { JobVariable } from "./variables.ts";

/** The rows of pipelines; fields carry GitLab's own names where GitLab shows them. */

/** What made a pipeline. https://docs.gitlab.com/ci/jobs/job_rules/#ci_pipeline_source-predefined-variable */
export type PipelineSource = "push" | "api" | "web" | "schedule" | "trigger";

/** A variable given to one pipeline, or to one job when it was started by hand. */
export interface PipelineVariable {
  key: string;
  value: string;
  variable_type: "env_var" | "file";
  raw: boolean;
}

export interface Pipeline extends Row {
  /** Its number within the project. */
  iid: number;
  project_id: number;
  user_id: number;
  source: PipelineSource;
  /** Short name of the branch or tag. */
  ref: string;
  tag: boolean;
  sha: string;
  before_sha: string;
  status: JobStatus;
  /** What is wrong with its configuration; such a pipeline has no jobs. */
  yaml_errors: string | null;
  variables: PipelineVariable[];
  /** The schedule that made it; absent where none did. */
  schedule_id?: number;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  finished_at: string | null;
}

/** A file that a job left behind, beside its trace. */
export interface Artifact {
  file_type: string;
  file_format: string | null;
  filename: string;
  size: number;
  sha256: string;
}

export interface Job extends Row {
  pipeline_id: number;
  project_id: number;
  /** Who started it: who pushed, or who retried or played it. */
  user_id: number;
  status: JobStatus;
  spec: JobSpec;
  /** The place of its stage, so that jobs sort without their configuration. */
  stage_index: number;
  allow_failure: boolean;
  /** True once a newer job of the same name took its place. */
  retried: boolean;
  /** Set while it runs, and kept until it ends. */
  token: string | null;
  /** The token it last had, by which its runner is told that it ended. */
  last_token: string | null;
  runner_id: number | null;
  system_id: string | null;
  /** Whether its runner runs after_script when it is canceled. */
  cancels_gracefully: boolean;
  /** Seconds it may run: the least of what project, job and runner allow. */
  timeout: number | null;
  /** Variables given when it was started by hand. */
  variables: PipelineVariable[];
  failure_reason: string | null;
  exit_code: number | null;
  artifacts: Artifact[];
  /** Variables that its `dotenv` report gives to later jobs; absent where it has none. */
  dotenv?: JobVariable[];
  artifacts_expire_at: string | null;
  /** True once its runner was told that the trace arrived damaged. */
  trace_doubted: boolean;
  created_at: string;
  queued_at: string | null;
  /** When a delayed job goes on; absent where its turn has not come. */
  scheduled_at?: string | null;
  started_at: string | null;
  finished_at: string | null;
  /** When its runner was last heard of. */
  heard_at: string | null;
}

/** A process of a runner; several share one token. https://docs.gitlab.com/runner/fleet_scaling/#view-runner-managers */
export interface RunnerManager extends Row {
  runner_id: number;
  system_id: string;
  version: string | null;
  revision: string | null;
  platform: string | null;
  architecture: string | null;
  created_at: string;
  contacted_at: string;
}
