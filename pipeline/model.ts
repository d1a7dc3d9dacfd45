/**
 * The part of `.gitlab-ci.yml` that trunkline writes. Keys are camelCase here and snake_case in
 * the file; names of jobs and variables are the user's and stay as they are.
 */

/** https://docs.gitlab.com/ci/yaml/ */
export interface Pipeline {
  /** What the file is made from and how to change it: the file's first lines. */
  readonly header: readonly string[];
  /** https://docs.gitlab.com/ci/yaml/#include; later ones win over earlier ones, the file itself over all. */
  readonly include?: readonly Include[];
  readonly workflow?: Workflow;
  /** https://docs.gitlab.com/ci/yaml/#stages */
  readonly stages: readonly string[];
  readonly variables?: Variables;
  /** In the order of the file. */
  readonly jobs: readonly Job[];
  /**
   * The hidden jobs that these extend, their names beginning with `.`. They stand in the file itself,
   * unless the template project has them.
   */
  readonly hidden: readonly Job[];
  /** The project whose file holds `hidden`. Default: none, the file is self-contained. */
  readonly template?: TemplateReference | undefined;
}

/** A state of the template project: https://docs.gitlab.com/ci/yaml/#includeproject */
export interface TemplateReference {
  /** Full path. */
  readonly project: string;
  /** Branch or tag. */
  readonly ref: string;
}

/** https://docs.gitlab.com/ci/yaml/#include */
export type Include =
  | { readonly local: string; readonly rules?: readonly { readonly exists: readonly string[] }[] }
  | { readonly project: string; readonly file: string; readonly ref?: string | undefined };

/** A part of another job, as `!reference`: https://docs.gitlab.com/ci/yaml/yaml_optimization/#reference-tags */
export class Reference {
  readonly path: readonly string[];

  constructor(...path: readonly string[]) {
    this.path = path;
  }
}

/** https://docs.gitlab.com/ci/yaml/#workflow */
export interface Workflow {
  readonly rules: readonly Rule[] | Reference;
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
  /** https://docs.gitlab.com/ci/yaml/#inherit */
  readonly inherit?: { readonly default: boolean };
  /** https://docs.gitlab.com/ci/yaml/#image */
  readonly image?: string;
  /** https://docs.gitlab.com/ci/yaml/#tags */
  readonly tags?: readonly string[] | undefined;
  /** https://docs.gitlab.com/ci/yaml/#allow_failure */
  readonly allowFailure?: boolean;
  /** https://docs.gitlab.com/ci/yaml/#rules */
  readonly rules?: readonly Rule[];
  /** https://docs.gitlab.com/ci/yaml/#needs */
  readonly needs?: readonly Need[];
  /** https://docs.gitlab.com/ci/resource_groups/ */
  readonly resourceGroup?: string;
  /** https://docs.gitlab.com/ci/yaml/#interruptible */
  readonly interruptible?: boolean;
  readonly variables?: Variables;
  readonly cache?: Cache;
  /** https://docs.gitlab.com/ci/yaml/#before_script */
  readonly beforeScript?: readonly string[];
  /** https://docs.gitlab.com/ci/yaml/#script */
  readonly script?: readonly string[] | Reference;
  readonly artifacts?: Artifacts | Reference;
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
