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

/** Names of the groups that are tested apart; one without a name where all are tested together. */
export function listTestGroups({ groups }: PackageTests): readonly (string | undefined)[] {
  const names = Object.keys(groups ?? {});
  return names.length > 0 ? names : [undefined];
}

/** One job for each distribution and group of packages; none without tests. */
export function planTestJobs(plan: PackagePlan): Job[] {
  const { tests, targets } = plan;
  if (tests === undefined) return [];
  const groups = listTestGroups(tests);
  const jobs = targets.flatMap((target) =>
    groups.map((group) => planTest(plan, tests, target, group)),
  );
  const first = jobs[0]?.name ?? "";
  return jobs.map((job, index) => {
    if (index === 0) return { ...job, ...planReports(plan, tests) };
    const script = new Reference(first, "script");
    return { ...job, script, artifacts: new Reference(first, "artifacts") };
  });
}

function planTest(
  plan: PackagePlan,
  { groups }: PackageTests,
  { codename, image }: Target,
  group: string | undefined,
): Job {
  const installed = group === undefined ? undefined : groups?.[group];
  const grouped = [...new Set(Object.values(groups ?? {}).flat())];
  return {
    name: testJobName(codename, group),
    extends: testTemplate.name,
    image,
    tags: plan.tags,
    allowFailure: false,
    needs: [{ job: compileJobName(codename, plan.architecture), artifacts: true }],
    variables: {
      CODENAME: codename,
      ...(installed && {
        TESTED_GROUP: group,
        TESTED_PACKAGES: installed.join(" "),
        GROUPED_PACKAGES: grouped.join(" "),
      }),
    },
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
