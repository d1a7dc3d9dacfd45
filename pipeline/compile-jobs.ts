import { compileJobName } from "../rules/names.ts";
import type { DebianPackagePipelineArgs, Target } from "./debian-package.ts";
import { compilerCacheDirectory, handoffPaths } from "./handoff.ts";
import type { Job } from "./model.ts";
import { readScript } from "./scripts.ts";
import { quoteForShell } from "./shell.ts";

export const compileStage = "compile";
const compileTemplate = ".compile";

/** One job for each distribution, and the template that they share. */
export function planCompileJobs(args: DebianPackagePipelineArgs): Job[] {
  return [planCompileTemplate(args), ...args.targets.map((target) => planCompile(args, target))];
}

function planCompileTemplate(args: DebianPackagePipelineArgs): Job {
  const { tags, installPrefix, uses = [], cmakeArguments = [] } = args;
  return {
    name: compileTemplate,
    stage: compileStage,
    ...(tags.length > 0 && { tags }),
    interruptible: true,
    variables: {
      GIT_STRATEGY: "clone",
      INSTALL_PREFIX: installPrefix,
      CCACHE_DIR: `$CI_PROJECT_DIR/${compilerCacheDirectory}`,
    },
    script: [
      readScript("handoff"),
      ...(uses.length > 0 ? [readScript("uses")] : []),
      readScript("compile"),
      ...(uses.length > 0 ? [["install_packages", ...uses].join(" ")] : []),
      ["compile_package", ...cmakeArguments.map(quoteForShell)].join(" "),
      "collect_packages",
    ],
  };
}

function planCompile(args: DebianPackagePipelineArgs, { codename, image }: Target): Job {
  return {
    name: compileJobName(codename),
    extends: compileTemplate,
    image,
    variables: { CODENAME: codename },
    cache: { key: `ccache-${codename}`, paths: [`${compilerCacheDirectory}/`] },
    artifacts: {
      name: `${args.package}_${codename}`,
      paths: handoffPaths,
      expireIn: args.artifactsExpireIn ?? "1 week",
    },
  };
}
