/**
 * The part of `.gitlab-ci.yml` that trunkline writes. Keys are camelCase here and snake_case in
 * the file; names of jobs and variables are the user's and stay as they are.
 */

/** https://docs.gitlab.com/ci/yaml/ */
export interface Pipeline {
  /** What the file is made from and how to change it: the file's first lines. */
  readonly header: readonly string[];
  readonly workflow?: Workflow;
  /** https://docs.gitlab.com/ci/yaml/#stages */
  readonly stages: readonly string[];
  readonly variables?: Variables;
  /** In the order of the file. A name beginning with `.` is a template for `extends`. */
  readonly jobs: readonly Job[];
}

/** https://docs.gitlab.com/ci/yaml/#workflow */
export interface Workflow {
  readonly rules: readonly Rule[];
}

/** https://docs.gitlab.com/ci/yaml/#variables */
export type Variables = Readonly<Record<string, string>>;

/** https://docs.gitlab.com/ci/yaml/#job-keywords */
export interface Job {
  readonly name: string;
  /** https://docs.gitlab.com/ci/yaml/#extends */
  readonly extends?: string;
  /** https://docs.gitlab.com/ci/yaml/#stage */
  readonly stage?: string;
  /** https://docs.gitlab.com/ci/yaml/#image */
  readonly image?: string;
  /** https://docs.gitlab.com/ci/yaml/#tags */
  readonly tags?: readonly string[];
  /** https://docs.gitlab.com/ci/yaml/#rules */
  readonly rules?: readonly Rule[];
  /** https://docs.gitlab.com/ci/yaml/#needs */
  readonly needs?: readonly Need[];
  /** https://docs.gitlab.com/ci/yaml/#dependencies */
  readonly dependencies?: readonly string[];
  /** https://docs.gitlab.com/ci/resource_groups/ */
  readonly resourceGroup?: string;
  /** https://docs.gitlab.com/ci/yaml/#interruptible */
  readonly interruptible?: boolean;
  readonly variables?: Variables;
  readonly cache?: Cache;
  /** https://docs.gitlab.com/ci/yaml/#script */
  readonly script?: readonly string[];
  readonly artifacts?: Artifacts;
}

/** https://docs.gitlab.com/ci/yaml/#rules */
export interface Rule {
  /** https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions */
  readonly if: string;
  readonly when?: "on_success" | "manual" | "always" | "never";
}

/** https://docs.gitlab.com/ci/yaml/#needs */
export interface Need {
  readonly job: string;
  readonly artifacts: boolean;
}

/** https://docs.gitlab.com/ci/yaml/#cache */
export interface Cache {
  readonly key: string;
  readonly paths: readonly string[];
}

/** https://docs.gitlab.com/ci/yaml/#artifacts */
export interface Artifacts {
  readonly name?: string;
  /** https://docs.gitlab.com/ci/yaml/#artifactswhen */
  readonly when?: "on_success" | "on_failure" | "always";
  readonly paths: readonly string[];
  /** https://docs.gitlab.com/ci/yaml/#artifactsreports */
  readonly reports?: { readonly junit: readonly string[] };
  /** https://docs.gitlab.com/ci/yaml/#artifactsexpire_in */
  readonly expireIn: string;
}
