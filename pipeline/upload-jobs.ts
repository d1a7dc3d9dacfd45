import { toAptlyPrefix } from "../validation/publish-prefix.ts";
import { toPublishSegment } from "../validation/publish-segment.ts";
import { listCompiling, tellSources } from "./machines.ts";
import type { Job } from "./model.ts";
import {
  aptRepositoryName,
  compileJobName,
  publicationResourceGroup,
  testJobName,
  uploadJobName,
} from "./names.ts";
import type { PackagePlan, Target } from "./package-plan.ts";
import { readScript } from "./shell.ts";
import { uploadStage } from "./stages.ts";
import { listTestGroups } from "./test-jobs.ts";
import { onDefaultBranch, onTag } from "./workflow.ts";

/** The hidden job of the uploads: their shell, and what no package decides. */
export const uploadTemplate: Job = {
  name: ".upload_to_aptly",
  stage: uploadStage,
  inherit: { default: false },
  interruptible: false,
  variables: {
    GIT_STRATEGY: "none",
    // Set here, so that no other file of the pipeline does.
    KEEP_VERSIONS: "",
    PACKAGES_FROM: "",
    PUBLISH_SIGNING_KEY: "",
    STRICT_VERSIONS: "",
    UPLOAD_DIRECTORY: "$CI_PROJECT_NAME-$CODENAME-$CI_JOB_ID",
  },
  beforeScript: [
    readScript("handoff"),
    readScript("aptly"),
    readScript("upload"),
    readScript("held"),
    readScript("retain"),
  ],
};

/** One job for each distribution, on the first architecture, for the packages of all. */
export function planUploadJobs(plan: PackagePlan): Job[] {
  return plan.targets.map((target) => planUpload(plan, target));
}

function planUpload(plan: PackagePlan, { codename, image }: Target): Job {
  const { keepVersions, releaseTags, strictVersions } = plan;
  const released = releaseTags === undefined ? onDefaultBranch : onTag(releaseTags);
  const { prefix, repository, signingKey } = plan.apt;
  const sources = listCompiling(plan);
  return {
    name: uploadJobName(codename),
    extends: uploadTemplate.name,
    image,
    tags: plan.machines[0].tags,
    allowFailure: false,
    rules: [{ ...released, when: "on_success" }],
    needs: [
      ...sources.map(({ suffix }) => ({
        job: compileJobName(codename, plan.architecture, suffix),
        artifacts: true,
      })),
      ...listTestJobs(plan, codename).map((job) => ({ job, artifacts: false })),
    ],
    resourceGroup: publicationResourceGroup(prefix, codename),
    variables: {
      CODENAME: codename,
      ...tellSources(plan, sources),
      APT_REPOSITORY: aptRepositoryName(repository, codename),
      PUBLISH_SEGMENTS: `${toPublishSegment(toAptlyPrefix(prefix))}/${toPublishSegment(codename)}`,
      ...(signingKey !== undefined && { PUBLISH_SIGNING_KEY: signingKey }),
      ...(keepVersions !== undefined && { KEEP_VERSIONS: `${keepVersions}` }),
      ...(strictVersions && { STRICT_VERSIONS: "true" }),
    },
    script: ["upload_packages"],
  };
}

/** A file that is built once is the same everywhere, so it goes nowhere before all have tested it. */
function listTestJobs(plan: PackagePlan, codename: string): string[] {
  const { tests, architecture, targets, machines } = plan;
  if (tests === undefined) return [];
  const tested = architecture === "all" ? targets.map((target) => target.codename) : [codename];
  return tested.flatMap((each) =>
    machines.flatMap(({ suffix }) =>
      listTestGroups(tests).map((group) => testJobName(each, suffix, group)),
    ),
  );
}
