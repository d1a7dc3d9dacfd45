import { quoteForShell } from "../validation/shell-words.ts";
import { compilerCacheDirectory, handoffPaths } from "./handoff.ts";
import type { Job } from "./model.ts";
import { compileJobName } from "./names.ts";
import type { PackagePlan, Target } from "./package-plan.ts";
import { type BuildSystem, buildSystems, listBuilders } from "./package-shape.ts";
import { readScript } from "./shell.ts";
import { compileStage } from "./stages.ts";

/** The hidden job of each build system: its shell, and what no package decides. */
export const compileTemplates: readonly Job[] = buildSystems.map((buildSystem) => ({
  name: templateName(buildSystem),
  stage: compileStage,
  inherit: { default: false },
  interruptible: true,
  variables: {
    GIT_STRATEGY: "clone",
    CCACHE_DIR: `$CI_PROJECT_DIR/${compilerCacheDirectory}`,
  },
  cache: { key: "ccache-$CI_JOB_NAME", paths: [`${compilerCacheDirectory}/`] },
  beforeScript: [
    readScript("handoff"),
    readScript("compile"),
    readScript(`compile-${buildSystem}`),
    readScript("uses"),
  ],
}));

/** One job for each distribution, or the one that compiles for all. */
export function planCompileJobs(plan: PackagePlan): Job[] {
  const builders = listBuilders(plan.targets, plan.architecture);
  return builders.map((target) => planCompile(plan, target));
}

function planCompile(plan: PackagePlan, target: Target): Job {
  const { codename, image } = target;
  const { architecture, artifactsExpireIn, buildSystem, uses } = plan;
  const cmakeArguments = [...plan.cmakeArguments, ...(target.cmakeArguments ?? [])];
  const forAll = architecture === "all";
  return {
    name: compileJobName(codename, architecture),
    extends: templateName(buildSystem),
    image,
    tags: plan.tags,
    allowFailure: false,
    variables: { CODENAME: forAll ? "" : codename, ...target.variables },
    script: [
      ...(uses.length > 0 ? [["install_packages", ...uses].join(" ")] : []),
      ["compile_package", ...cmakeArguments.map(quoteForShell)].join(" "),
      "collect_packages",
    ],
    artifacts: {
      name: `${plan.package}_${forAll ? "all" : codename}`,
      paths: handoffPaths,
      expireIn: artifactsExpireIn,
    },
  };
}

function templateName(buildSystem: BuildSystem): string {
  return `.compile_with_${buildSystem}`;
}
