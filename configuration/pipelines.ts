import { z } from "zod";
import { compileStage, testStage, uploadStage } from "../pipeline/stages.ts";
import type { Fault } from "../validation/config-error.ts";
import { lenient, readable } from "../validation/lenient.ts";
import { toConfigPath } from "./faults.ts";
import { configurationSchema, packageEntry } from "./schema.ts";

const { ci, pipeline } = configurationSchema.shape;
const { stages, include, project, pipeline: form, ci: pin } = packageEntry.shape;
const { defaultBranch, protectedBranches, release, releaseTags } = packageEntry.shape;

export const pipelineView = z.object({ ci: lenient(ci), pipeline: lenient(pipeline) });
export const packagePipelineView = z.object({
  stages: lenient(stages),
  include: lenient(include),
  project: lenient(project),
  pipeline: lenient(form),
  ci: lenient(pin),
  tests: lenient(z.unknown().optional()),
  defaultBranch: lenient(defaultBranch),
  protectedBranches: lenient(protectedBranches),
  release: lenient(release),
  releaseTags: lenient(releaseTags),
});

type View = z.output<typeof pipelineView>;
type PackageView = z.output<typeof packagePipelineView>;

/** Faults of how packages' pipelines are put together. */
export function checkPipelines(
  read: View,
  packages: readonly (readonly [string, PackageView | null])[],
): Fault[] {
  return packages.flatMap(([name, entry]) =>
    entry === null
      ? []
      : [
          ...checkOwn(name, entry),
          ...checkTemplatePath(name, entry, read),
          ...checkPin(name, entry, read),
          ...checkStages(name, entry),
          ...checkRelease(name, entry),
          ...checkPush(name, entry),
          ...checkIncludes(name, entry),
        ],
  );
}

function checkTemplatePath(name: string, entry: PackageView, { ci }: View): Fault[] {
  if (entry.project === null || ci === null) return [];
  if ((entry.project ?? name).toLowerCase() !== ci.project.toLowerCase()) return [];
  return [
    {
      path: toConfigPath(["packages", name, "project"]),
      message: `"${ci.project}" is the project that the pipelines include (trunkline:ci.project)`,
      fix: "Take another path for one of them.",
    },
  ];
}

/** What would go into a pipeline that the stack does not write. */
function checkOwn(name: string, entry: PackageView): Fault[] {
  if (entry.pipeline !== "own") return [];
  const written = [
    ["stages", entry.stages],
    ["tests", entry.tests],
    ["include", entry.include?.length ? entry.include : undefined],
    ["ci.ref", entry.ci?.ref],
    ["release", entry.release === "tags" ? entry.release : undefined],
  ] as const;
  return written
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key]) => ({
      path: `${toConfigPath(["packages", name])}.${key}`,
      message: "is not used, since the pipeline is the team's own",
      fix: "Remove it, or remove pipeline: own.",
    }));
}

function checkPin(name: string, entry: PackageView, read: View): Fault[] {
  const inline = (entry.pipeline ?? read.pipeline) === "inline";
  if (!inline || entry.pipeline === null || entry.ci?.ref === undefined) return [];
  return [
    {
      path: toConfigPath(["packages", name, "ci", "ref"]),
      message: `"${entry.ci.ref}" is not used, since the pipeline is inline`,
      fix: "Remove it, or set pipeline: include.",
    },
  ];
}

function checkStages(name: string, { stages, tests, pipeline }: PackageView): Fault[] {
  if (!stages || tests === null || pipeline === "own") return [];
  const path = toConfigPath(["packages", name, "stages"]);
  const repeated = stages.find((stage, index) => stages.indexOf(stage) !== index);
  if (repeated !== undefined) {
    return [{ path, message: `"${repeated}" is there twice`, fix: "Remove one." }];
  }
  const wanted = [compileStage, ...(tests === undefined ? [] : [testStage]), uploadStage];
  const found = stages.filter((stage) => wanted.includes(stage));
  if (found.join() === wanted.join()) return [];
  return [
    {
      path,
      message: `has ${found.length === 0 ? "none" : found.join(", ")} of the stages ${wanted.join(", ")}`,
      fix: "List every stage in its order, these among them.",
    },
  ];
}

function checkRelease(name: string, { release, releaseTags }: PackageView): Fault[] {
  if (release !== "branch" || !releaseTags) return [];
  return [
    {
      path: toConfigPath(["packages", name, "releaseTags"]),
      message: "is not used, since the default branch releases",
      fix: "Set release: tags, or remove it.",
    },
  ];
}

/** The pipeline is committed to the default branch. Of several rules GitLab takes the most permissive. */
function checkPush(name: string, entry: PackageView): Fault[] {
  const { protectedBranches, defaultBranch = "main", pipeline } = entry;
  if (pipeline === "own" || !protectedBranches || defaultBranch === null) return [];
  const rules = Object.entries(protectedBranches).filter(([pattern]) =>
    matches(pattern, defaultBranch),
  );
  const [first] = rules;
  if (!first || rules.some(([, { push }]) => push !== "no one")) return [];
  return [
    {
      path: toConfigPath(["packages", name, "protectedBranches", first[0], "push"]),
      message: `is "no one", and the stack commits the pipeline to ${defaultBranch}`,
      fix: "Let maintainer push, or set pipeline: own.",
    },
  ];
}

/** https://docs.gitlab.com/user/project/repository/branches/protected/#use-wildcard-rules */
function matches(pattern: string, branch: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(branch);
}

function checkIncludes(name: string, { include }: PackageView): Fault[] {
  return readable(include ?? []).flatMap((each, index): Fault[] => {
    const { local, project, file, ref } = each;
    const isLocal = local !== undefined && [project, file, ref].every((key) => key === undefined);
    const isForeign = local === undefined && project !== undefined && file !== undefined;
    if (isLocal || isForeign) return [];
    return [
      {
        path: toConfigPath(["packages", name, "include", index]),
        message: "names neither a file of the repository nor one of another project",
        fix: "Give local alone, or project and file, with ref where it is needed.",
      },
    ];
  });
}
