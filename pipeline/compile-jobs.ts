import { quoteForShell } from "../validation/shell-words.ts";
import { compilerCacheDirectory, handoffPaths } from "./handoff.ts";
import type { Job } from "./model.ts";
import { compileJobName } from "./names.ts";
import type { PackagePlan, Target } from "./package-plan.ts";
import { listBuilders } from "./package-shape.ts";
import { readScript } from "./shell.ts";

export const compileStage = "compile";
const compileTemplate = ".compile";

/** One job for each distribution, or the one that compiles for all, and their template. */
export function planCompileJobs(plan: PackagePlan): Job[] {
  const builders = listBuilders(plan.targets, plan.architecture);
  return [planCompileTemplate(plan), ...builders.map((target) => planCompile(plan, target))];
}

function planCompileTemplate(plan: PackagePlan): Job {
  const { tags, buildSystem, installPrefix, uses, cmakeArguments } = plan;
  return {
    name: compileTemplate,
    stage: compileStage,
    ...(tags.length > 0 && { tags }),
    interruptible: true,
    variables: {
      GIT_STRATEGY: "clone",
      ...(buildSystem === "cmake" && { INSTALL_PREFIX: installPrefix }),
      CCACHE_DIR: `$CI_PROJECT_DIR/${compilerCacheDirectory}`,
    },
    script: [
      readScript("handoff"),
      readScript("compile"),
      readScript(`compile-${buildSystem}`),
      ...(uses.length > 0 ? [readScript("uses"), ["install_packages", ...uses].join(" ")] : []),
      ["compile_package", ...cmakeArguments.map(quoteForShell)].join(" "),
      "collect_packages",
    ],
  };
}

function planCompile(plan: PackagePlan, { codename, image }: Target): Job {
  const { architecture, artifactsExpireIn } = plan;
  const forAll = architecture === "all";
  return {
    name: compileJobName(codename, architecture),
    extends: compileTemplate,
    image,
    variables: { CODENAME: forAll ? "" : codename },
    cache: { key: `ccache-${codename}`, paths: [`${compilerCacheDirectory}/`] },
    artifacts: {
      name: `${plan.package}_${forAll ? "all" : codename}`,
      paths: handoffPaths,
      expireIn: artifactsExpireIn,
    },
  };
}
