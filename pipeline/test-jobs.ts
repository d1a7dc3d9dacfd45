import { quoteForShell } from "../validation/shell-words.ts";
import { listSources, type Machine, tellArchitecture, tellSources } from "./machines.ts";
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
  // Set here, so that nothing else does.
  variables: { GIT_STRATEGY: "clone", BUILD_ARCHITECTURE: "", PACKAGES_FROM: "" },
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

/** One job for each distribution, architecture and group of packages; none without tests. */
export function planTestJobs(plan: PackagePlan): Job[] {
  const { tests, targets, machines } = plan;
  if (tests === undefined) return [];
  const groups = listTestGroups(tests);
  const jobs = targets.flatMap((target) =>
    machines.flatMap((machine) =>
      groups.map((group) => planTest(plan, tests, { target, machine, group })),
    ),
  );
  const first = jobs[0]?.name ?? "";
  return jobs.map((job, index) => {
    if (index === 0) return { ...job, ...planReports(plan, tests) };
    const script = new Reference(first, "script");
    return { ...job, script, artifacts: new Reference(first, "artifacts") };
  });
}

/** What is tested where. */
interface TestedPlace {
  readonly target: Target;
  readonly machine: Machine;
  readonly group: string | undefined;
}

function planTest(
  plan: PackagePlan,
  { groups }: PackageTests,
  { target, machine, group }: TestedPlace,
): Job {
  const { codename, image } = target;
  const installed = group === undefined ? undefined : groups?.[group];
  const grouped = [...new Set(Object.values(groups ?? {}).flat())];
  const sources = listSources(plan, machine);
  return {
    name: testJobName(codename, machine.suffix, group),
    extends: testTemplate.name,
    image,
    tags: machine.tags,
    allowFailure: false,
    needs: sources.map(({ suffix }) => ({
      job: compileJobName(codename, plan.architecture, suffix),
      artifacts: true,
    })),
    variables: {
      CODENAME: codename,
      ...tellArchitecture(machine),
      ...tellSources(plan, sources),
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
