import { z } from "zod";
import { type Properties, prop } from "../../kit/property.ts";

const text = z.string().optional();
const passive = { passive: true } as const;

/** https://docs.gitlab.com/api/repository_files/ */
export const repositoryFileInputs = {
  project: prop(z.string(), "The id or full path of the project.", { replace: true }),
  filePath: prop(
    z
      .string()
      .min(1, "must not be empty")
      .regex(
        /^(?!\.{0,2}\/)(?!(.*\/)?\.\.(\/|$)).*[^/]$/,
        "must be a path below the repository's root, without leading / or ./ and without ..",
      ),
    "Where it lies in the repository.",
    { replace: true },
  ),
  branch: prop(z.string().min(1, "must not be empty"), "The branch it is committed to.", {
    replace: true,
  }),
  content: prop(
    z.string(),
    "What is in it. A `.gitlab-ci.yml` is shown to GitLab's linter first; an invalid one is refused in preview and never committed.",
  ),
  encoding: prop(
    z.enum(["text", "base64"]),
    "`text`, or `base64` for content that is not text; then one line, padded.",
  ),
  executeFilemode: prop(z.boolean().optional(), "Whether it is executable."),
  commitMessage: prop(
    text,
    "Message of its commits. Default: `Create`, `Update` or `Delete` and its path.",
    passive,
  ),
  createCommitMessage: prop(text, "Message when it is created. Default: `commitMessage`.", passive),
  updateCommitMessage: prop(text, "Message when it is changed. Default: `commitMessage`.", passive),
  deleteCommitMessage: prop(
    text,
    "Message when it is deleted. Default: `[DELETE]: ` and `commitMessage`.",
    passive,
  ),
  startBranch: prop(text, "The branch that `branch` is made from when it is missing.", passive),
  authorName: prop(text, "Author of its commits. Default: the token's user.", passive),
  authorEmail: prop(text, "The author's address. Default: that of the token's user.", passive),
  overwriteOnCreate: prop(
    z.boolean().optional(),
    "Whether a file that is there already is taken over. Default: false.",
    passive,
  ),
} satisfies Properties;

export const repositoryFileOutputs = {
  blobId: prop(z.string(), "Git's id of its content."),
  commitId: prop(z.string(), "The branch's commit when the file was last seen to change."),
  lastCommitId: prop(z.string(), "The last commit that changed it."),
  contentSha256: prop(z.string(), "The SHA-256 of its content, in hexadecimal."),
  fileName: prop(z.string(), "The last part of its path.", { stable: true }),
  ref: prop(z.string(), "The branch it was read from.", { stable: true }),
  size: prop(z.int(), "Its size in bytes."),
} satisfies Properties;
