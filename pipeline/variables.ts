import { storedVariableKey, type TextRule } from "../validation/text-rules.ts";
import { builderImageVariable } from "./names.ts";

/** A CI/CD variable that the jobs' shell reads. */
export interface PipelineVariable {
  /**
   * Who sets it: the packages' group, the package's file for all its jobs, one of its jobs, or a hidden
   * job of the template.
   */
  readonly setBy: "group" | "file" | "job" | "template";
  readonly meaning: string;
  /** Whether only pipelines of protected branches and tags get it. Default: false. */
  readonly protected?: boolean;
  /** Whether GitLab hides it in jobs' logs. Default: false. */
  readonly masked?: boolean;
}

/** Every variable of the pipeline's own. */
export const pipelineVariables = {
  APTLY_URL: {
    setBy: "group",
    protected: true,
    meaning: "Address of aptly's API, for example http://aptly.example.com/api.",
  },
  APTLY_USERNAME: {
    setBy: "group",
    protected: true,
    meaning: "User of the proxy in front of aptly's API.",
  },
  APTLY_PASSWORD: {
    setBy: "group",
    protected: true,
    masked: true,
    meaning: "Password of that user.",
  },
  APT_URL: { setBy: "group", meaning: "Address of the published repositories, without prefix." },
  INSTALL_PREFIX: { setBy: "file", meaning: "Where the package is installed to." },
  USED_SOURCES: {
    setBy: "file",
    meaning: "Apt sources of the builder image that have packages in use, between spaces.",
  },
  SOURCE_FOLDER: {
    setBy: "file",
    meaning: "Folder of the source that has CMakeLists.txt or debian/; empty for its root.",
  },
  TESTED_PACKAGES: {
    setBy: "job",
    meaning: "Packages that a test job installs, between spaces; empty for all that were built.",
  },
  GROUPED_PACKAGES: {
    setBy: "job",
    meaning:
      "Packages of all groups, between spaces: a test job refuses others; empty where there are no groups.",
  },
  TESTED_GROUP: {
    setBy: "job",
    meaning: "Name of that group of packages; empty where there are no groups.",
  },
  PUBLISH_PREFIX: { setBy: "file", meaning: "Path of the publish prefix, empty for the root." },
  PUBLISH_COMPONENT: { setBy: "file", meaning: "Published component." },
  PUBLISH_ARCHITECTURES: { setBy: "file", meaning: "Published architectures, between spaces." },
  ALL_PACKAGES_FROM: {
    setBy: "job",
    meaning:
      "Architecture whose job hands over the packages that are for all; empty where it is the job's own.",
  },
  BUILD_ARCHITECTURE: {
    setBy: "job",
    meaning: "Architecture that the job is for; empty where none are told apart.",
  },
  PACKAGES_FROM: {
    setBy: "job",
    meaning:
      "Architectures whose packages a job is handed, between spaces; empty where none are told apart.",
  },
  PUBLISH_SIGNING_KEY: {
    setBy: "job",
    meaning: "Fingerprint of the key that aptly signs with; empty for the server's default key.",
  },
  KEEP_VERSIONS: {
    setBy: "job",
    meaning: "Versions that an upload leaves of each package; empty for all.",
  },
  STRICT_VERSIONS: {
    setBy: "job",
    meaning: "`true` where a version that is there as another file fails an upload in any case.",
  },
  CODENAME: {
    setBy: "job",
    meaning: "The job's distribution; empty where one file is for every distribution.",
  },
  RELEASE_TAGS: {
    setBy: "job",
    meaning: "Tags whose pipelines upload; `*` stands for the version.",
  },
  APT_REPOSITORY: { setBy: "job", meaning: "aptly's local repository to upload to." },
  PUBLISH_SEGMENTS: {
    setBy: "job",
    meaning: "Prefix and distribution as aptly's publish calls want them in a URL.",
  },
  UPLOAD_DIRECTORY: {
    setBy: "template",
    meaning: "Directory on the aptly server that an upload job has for itself.",
  },
  CCACHE_DIR: { setBy: "template", meaning: "Where the compiler's cache lies." },
  GIT_STRATEGY: {
    setBy: "template",
    meaning: "https://docs.gitlab.com/ci/runners/configure_runners/#git-strategy",
  },
} as const satisfies Readonly<Record<string, PipelineVariable>>;

export type PipelineVariableKey = keyof typeof pipelineVariables;

/** The keys that the packages' group sets. */
export type GroupVariableKey = {
  [Key in PipelineVariableKey]: (typeof pipelineVariables)[Key]["setBy"] extends "group"
    ? Key
    : never;
}[PipelineVariableKey];

/**
 * A variable of a project or group wins over a job's, so one that the pipeline sets or reads itself
 * would change where packages go: https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
 */
export const packageVariableKey: TextRule = (key) =>
  Object.hasOwn(pipelineVariables, key) || key.startsWith(builderImageVariable(""))
    ? { message: `"${key}" is a variable of the pipeline's own`, fix: "Take another name." }
    : storedVariableKey(key);
