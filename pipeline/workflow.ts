import { type Job, Reference, type Rule, type Workflow } from "./model.ts";

export const onDefaultBranch: Rule = { if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" };

/** A branch with an open merge request runs the merge request's pipeline, not a second one. */
export const workflowTemplate: Job = {
  name: ".one_pipeline_per_change",
  rules: [
    onDefaultBranch,
    { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
    { if: "$CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS", when: "never" },
    { if: "$CI_COMMIT_BRANCH" },
  ],
};

export const onePipelinePerChange: Workflow = {
  rules: new Reference(workflowTemplate.name, "rules"),
};
