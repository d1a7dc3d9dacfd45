import { type Job, Reference, type Rule, type Workflow } from "./model.ts";

export const onDefaultBranch: Rule = { if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" };

/** A tag that the pattern matches, in which `*` stands for one character or more. */
export function onTag(pattern: string): Rule {
  const expression = pattern.replaceAll(/[.+/]/g, "\\$&").replace("*", ".+");
  return { if: `$CI_COMMIT_TAG =~ /^${expression}$/` };
}

const perChange: readonly Rule[] = [
  onDefaultBranch,
  { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
  { if: "$CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS", when: "never" },
  { if: "$CI_COMMIT_BRANCH" },
];

/** A branch with an open merge request runs the merge request's pipeline, not a second one. */
const onePipelinePerChange: Job = { name: ".one_pipeline_per_change", rules: perChange };

/** The same, and one for each tag. */
const pipelinesOfTags: Job = {
  name: ".one_pipeline_per_change_or_tag",
  rules: [...perChange, { if: "$CI_COMMIT_TAG" }],
};

/** The hidden jobs that hold the rules of pipelines. */
export const workflowTemplates: readonly Job[] = [onePipelinePerChange, pipelinesOfTags];

/** Which pipelines there are, where releases come from tags or from the default branch. */
export function planWorkflow({ ofTags }: { readonly ofTags: boolean }): Workflow {
  const { name } = ofTags ? pipelinesOfTags : onePipelinePerChange;
  return { rules: new Reference(name, "rules") };
}
