import { quoteForShell } from "../validation/shell-words.ts";
import { testStage } from "./handoff.ts";
import type { Job } from "./model.ts";
import { compileJobName, testJobName } from "./names.ts";
import type { PackagePlan, PackageTests, Target } from "./package-plan.ts";
import { readScript } from "./shell.ts";

const testTemplate = ".test";

/** One job for each distribution, and the template that they share; none without tests. */
export function planTestJobs(plan: PackagePlan): Job[] {
  const { tests, targets } = plan;
  if (tests === undefined) return [];
  return [planTestTemplate(plan, tests), ...targets.map((target) => planTest(plan, target))];
}

function planTestTemplate(plan: PackagePlan, { script, reports }: PackageTests): Job {
  const { tags, installPrefix, artifactsExpireIn } = plan;
  return {
    name: testTemplate,
    stage: testStage,
    ...(tags.length > 0 && { tags }),
    interruptible: true,
    variables: { GIT_STRATEGY: "clone", INSTALL_PREFIX: installPrefix },
    script: [
      readScript("handoff"),
      readScript("uses"),
      readScript("test"),
      "install_built_packages",
      ["expect_reports", ...reports.map(quoteForShell)].join(" "),
      ...script,
    ],
    artifacts: {
      when: "always",
      paths: reports,
      reports: { junit: reports },
      expireIn: artifactsExpireIn,
    },
  };
}

function planTest(plan: PackagePlan, { codename, image }: Target): Job {
  const compileJob = compileJobName(codename, plan.architecture);
  return {
    name: testJobName(codename),
    extends: testTemplate,
    image,
    needs: [{ job: compileJob, artifacts: true }],
    dependencies: [compileJob],
    variables: { CODENAME: codename },
  };
}
