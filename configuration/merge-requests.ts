import { z } from "zod";

const flag = (description: string, unset = "as it is") =>
  z.boolean().optional().meta({ description, unset });
const newOnly = "as it is; in a new project `true`";

/**
 * What a package's project asks of merge requests, by GitLab's names.
 * https://docs.gitlab.com/api/projects/#edit-a-project
 */
export const mergeRequests = z.strictObject({
  onlyAllowMergeIfPipelineSucceeds: flag("Merge only what the pipeline passed.", newOnly),
  allowMergeOnSkippedPipeline: flag("Count a skipped pipeline as passed."),
  onlyAllowMergeIfAllDiscussionsAreResolved: flag("Merge only when every thread is resolved."),
  removeSourceBranchAfterMerge: flag("Offer to remove the branch that was merged.", newOnly),
  mergeMethod: z.enum(["merge", "rebase_merge", "ff"]).optional().meta({
    description: "Merge commit, merge commit of a rebased branch, or fast forward.",
    unset: "as it is",
  }),
  squashOption: z.enum(["never", "always", "default_on", "default_off"]).optional().meta({
    description: "Whether commits are squashed.",
    unset: "as it is",
  }),
});
