import { quoteForShell } from "../validation/shell-words.ts";
import { compilerCacheDirectory, handoffPathsOf } from "./handoff.ts";
import { listCompiling, type Machine } from "./machines.ts";
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
    // Set here, so that nothing else does.
    ALL_PACKAGES_FROM: "",
    BUILD_ARCHITECTURE: "",
    CCACHE_DIR: `$CI_PROJECT_DIR/${compilerCacheDirectory}`,
  },
  cache: { key: "ccache-$CI_JOB_NAME", paths: [`${compilerCacheDirectory}/`] },
  beforeScript: [
    readScript("handoff"),
    readScript("compile"),
    readScript("same-bytes"),
    readScript(`compile-${buildSystem}`),
    readScript("uses"),
    readScript("release"),
    readScript("record"),
  ],
}));

/** One job for each distribution and architecture, or the one that compiles for all. */
export function planCompileJobs(plan: PackagePlan): Job[] {
  const builders = listBuilders(plan.targets, plan.architecture);
  return builders.flatMap((target) =>
    listCompiling(plan).map((machine) => planCompile(plan, target, machine)),
  );
}

function planCompile(plan: PackagePlan, target: Target, machine: Machine): Job {
  const { codename, image } = target;
  const [first] = plan.machines;
  const { architecture, artifactsExpireIn, buildSystem, uses, releaseTags } = plan;
  const forAll = architecture === "all";
  const own = forAll ? undefined : machine.architecture;
  return {
    name: compileJobName(codename, architecture, machine.suffix),
    extends: templateName(buildSystem),
    image,
    tags: machine.tags,
    allowFailure: false,
    variables: {
      CODENAME: forAll ? "" : codename,
      ...(own !== undefined && { BUILD_ARCHITECTURE: own }),
      ...(machine !== first && { ALL_PACKAGES_FROM: first.architecture ?? "" }),
      ...target.variables,
      ...(releaseTags !== undefined && { RELEASE_TAGS: releaseTags }),
    },
    script: [
      ...(own === undefined ? [] : ["check_architecture"]),
      ...(uses.length > 0 ? [["install_packages", ...uses].join(" ")] : []),
      ["compile_package", ...planArguments(plan, target)].join(" "),
      "collect_packages",
      ...(releaseTags === undefined ? [] : ["check_release_tag"]),
    ],
    artifacts: {
      name: [plan.package, forAll ? "all" : codename, machine.suffix].filter(Boolean).join("_"),
      paths: handoffPathsOf(own),
      expireIn: artifactsExpireIn,
    },
  };
}

/** A value of the pipeline is a word of its own, whatever is in it; an empty one ends the job. */
function planArguments(
  { cmakeArguments, cmakeVariables }: PackagePlan,
  { cmakeArguments: there = [] }: Target,
): string[] {
  const fromPipeline = Object.entries(cmakeVariables).map(
    ([entry, variable]) => `-D${entry}="\${${variable}:?}"`,
  );
  return [...[...cmakeArguments, ...there].map(quoteForShell), ...fromPipeline];
}

function templateName(buildSystem: BuildSystem): string {
  return `.compile_with_${buildSystem}`;
}
