import { type TextRule, variableKey } from "../validation/text-rules.ts";

const ownVariables = new Set([
  "APTLY_PASSWORD",
  "APTLY_URL",
  "APTLY_USERNAME",
  "APT_REPOSITORY",
  "APT_URL",
  "CCACHE_DIR",
  "CODENAME",
  "GIT_STRATEGY",
  "INSTALL_PREFIX",
  "KEEP_VERSIONS",
  "PUBLISH_ARCHITECTURES",
  "PUBLISH_COMPONENT",
  "PUBLISH_PREFIX",
  "PUBLISH_SEGMENTS",
  "PUBLISH_SIGNING_KEY",
  "UPLOAD_DIRECTORY",
]);

/**
 * A project's variable wins over a job's, so one that the pipeline sets or reads itself would
 * change where packages go: https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
 */
export const packageVariableKey: TextRule = (key) =>
  ownVariables.has(key)
    ? { message: `"${key}" is a variable of the pipeline's own`, fix: "Take another name." }
    : variableKey(key);
