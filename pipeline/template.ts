import { createHash } from "node:crypto";
import { compileTemplates } from "./compile-jobs.ts";
import { type Job, Reference, type Workflow } from "./model.ts";
import { templateTags } from "./names.ts";
import { renderHiddenJobs } from "./render.ts";
import { testTemplate } from "./test-jobs.ts";
import { uploadTemplate } from "./upload-jobs.ts";
import { workflowTemplates } from "./workflow.ts";

/** Every hidden job that a package's file may extend. */
export const hiddenJobs: readonly Job[] = [
  ...workflowTemplates,
  ...compileTemplates,
  testTemplate,
  uploadTemplate,
];

/** A state of the template: what is in its file, and the tag of that. */
export interface Template {
  readonly content: string;
  /** The same wherever the content is the same: `package-v1-` and 16 digits of its SHA-256. */
  readonly tag: string;
}

export function renderTemplate(): Template {
  return toTemplate(
    renderHiddenJobs(
      [
        "The shell of every package's jobs, kept by trunkline. Do not edit: change pipeline/shell/ and run pulumi up.",
      ],
      hiddenJobs,
    ),
  );
}

/** A state with this content. */
export function toTemplate(content: string): Template {
  const digest = createHash("sha256").update(content).digest("hex");
  return { content, tag: templateTags.replace("*", digest.slice(0, 16)) };
}

/** The hidden jobs that a workflow and some jobs use, in the template's order. */
export function selectHiddenJobs({ rules }: Workflow, jobs: readonly Job[]): Job[] {
  const used = new Set(jobs.map((job) => job.extends));
  if (rules instanceof Reference) used.add(rules.path[0]);
  return hiddenJobs.filter(({ name }) => used.has(name));
}
