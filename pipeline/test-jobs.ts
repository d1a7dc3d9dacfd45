import { quoteForShell } from "../validation/shell-words.ts";
import { type Job, Reference } from "./model.ts";
import { compileJobName, testJobName } from "./names.ts";
import type { PackagePlan, PackageTests, Target } from "./package-plan.ts";
import { readScript } from "./shell.ts";
import { testStage } from "./stages.ts";

/** The hidden job of the tests: the shell that installs what was built, and what no package decides. */
export const testTemplate: Job = {
  name: ".test_installed",
  stage: testStage,
  inherit: { default: false },
  interruptible: true,
  variables: { GIT_STRATEGY: "clone" },
  beforeScript: [
    readScript("handoff"),
    readScript("uses"),
    readScript("test"),
    "install_built_packages",
  ],
};

/** One job for each distribution; none without tests. */
export function planTestJobs(plan: PackagePlan): Job[] {
  const { tests, targets } = plan;
  if (tests === undefined) return [];
  const [first] = targets;
  return targets.map((target) => {
    const job = planTest(plan, target);
    if (target === first || first === undefined) return { ...job, ...planReports(plan, tests) };
    const named = testJobName(first.codename);
    const script = new Reference(named, "script");
    return { ...job, script, artifacts: new Reference(named, "artifacts") };
  });
}

function planTest(plan: PackagePlan, { codename, image }: Target): Job {
  return {
    name: testJobName(codename),
    extends: testTemplate.name,
    image,
    tags: plan.tags,
    allowFailure: false,
    needs: [{ job: compileJobName(codename, plan.architecture), artifacts: true }],
    variables: { CODENAME: codename },
  };
}

function planReports({ artifactsExpireIn }: PackagePlan, { script, reports }: PackageTests) {
  return {
    script: [["expect_reports", ...reports.map(quoteForShell)].join(" "), ...script],
    artifacts: {
      when: "always",
      paths: reports,
      reports: { junit: reports },
      expireIn: artifactsExpireIn,
    },
  } as const;
}
