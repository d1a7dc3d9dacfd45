import { toPublishSegment } from "../validation/publish-segment.ts";
import { uploadStage } from "./handoff.ts";
import type { Job } from "./model.ts";
import {
  aptRepositoryName,
  compileJobName,
  publicationResourceGroup,
  testJobName,
  uploadDirectory,
  uploadJobName,
} from "./names.ts";
import type { PackagePlan, Target } from "./package-plan.ts";
import { readScript } from "./shell.ts";
import { onDefaultBranch } from "./workflow.ts";

const uploadTemplate = ".upload";

/** One job for each distribution, and the template that they share. */
export function planUploadJobs(plan: PackagePlan): Job[] {
  return [planUploadTemplate(plan), ...plan.targets.map((target) => planUpload(plan, target))];
}

function planUploadTemplate({ tags, apt, keepVersions }: PackagePlan): Job {
  return {
    name: uploadTemplate,
    stage: uploadStage,
    ...(tags.length > 0 && { tags }),
    rules: [onDefaultBranch],
    interruptible: false,
    variables: {
      GIT_STRATEGY: "none",
      PUBLISH_PREFIX: apt.prefix,
      PUBLISH_COMPONENT: apt.component,
      PUBLISH_ARCHITECTURES: apt.architectures.join(" "),
      ...(apt.signingKey !== undefined && { PUBLISH_SIGNING_KEY: apt.signingKey }),
      ...(keepVersions !== undefined && { KEEP_VERSIONS: `${keepVersions}` }),
    },
    script: [
      readScript("handoff"),
      readScript("aptly"),
      readScript("upload"),
      // Last: a preview compares item by item, and shows little when this one comes or goes.
      ...(keepVersions !== undefined ? [readScript("retain")] : []),
      "upload_packages",
    ],
  };
}

function planUpload(plan: PackagePlan, { codename, image }: Target): Job {
  const { prefix, repository } = plan.apt;
  const compileJob = compileJobName(codename, plan.architecture);
  return {
    name: uploadJobName(codename),
    extends: uploadTemplate,
    image,
    needs: [
      { job: compileJob, artifacts: true },
      ...listTestJobs(plan, codename).map((job) => ({ job, artifacts: false })),
    ],
    dependencies: [compileJob],
    resourceGroup: publicationResourceGroup(prefix, codename),
    variables: {
      CODENAME: codename,
      APT_REPOSITORY: aptRepositoryName(repository, codename),
      PUBLISH_SEGMENTS: `${toPublishSegment(prefix)}/${toPublishSegment(codename)}`,
      UPLOAD_DIRECTORY: uploadDirectory(plan.package, codename, "$CI_JOB_ID"),
    },
  };
}

/** A file that is built once is the same everywhere, so it goes nowhere before all have tested it. */
function listTestJobs(plan: PackagePlan, codename: string): string[] {
  const { tests, architecture, targets } = plan;
  if (tests === undefined) return [];
  const tested = architecture === "all" ? targets.map((target) => target.codename) : [codename];
  return tested.map(testJobName);
}
