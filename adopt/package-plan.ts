import { type AdoptedSecret, below, type Entry } from "./adopted.ts";
import type { AptPlace } from "./apt.ts";
import type { ProjectWorld } from "./gitlab-world.ts";
import { toPackage, toPackageName, whyNotAdoptable } from "./packages.ts";
import { type Finding, findFaults, type ReadPipeline, readPipeline } from "./pipeline-findings.ts";
import { toPackagePipeline, uploadsTo } from "./take-over.ts";

/** The stack's packages by the places of their projects, in lower case. */
export type Known = ReadonlyMap<string, string>;

export interface PackagesRequest {
  readonly projects: readonly ProjectWorld[];
  readonly known: Known;
  readonly mainGroup: string;
  readonly skipped: readonly string[];
  readonly takeOver: boolean;
  readonly place: AptPlace | undefined;
  /** Codenames that the stack has. */
  readonly distributions: readonly string[];
}

interface PlannedPackage {
  readonly id: number;
  readonly name: string;
  readonly fullPath: string;
  readonly entry: Entry;
  readonly secrets: readonly AdoptedSecret[];
  readonly remarks: readonly string[];
  /** Undefined without a pipeline. */
  readonly findings: readonly Finding[] | undefined;
  readonly isTakenOver: boolean;
}

/** The packages that are new to the stack, and what is told of the projects that become none. */
export function planPackages(request: PackagesRequest) {
  const { chosen, remarks } = choose(request);
  const taken = [...request.known.values()];
  const named = chosen.map((project) => {
    const name = toPackageName(project.row, (each) => taken.includes(each));
    taken.push(name);
    return { name, project };
  });
  const packages = named.map((each) => planPackage(each, taken, request));
  return { packages, remarks };
}

function choose({ projects, known, skipped }: PackagesRequest) {
  const remarks: string[] = [];
  const chosen = projects.filter((project) => {
    const fullPath = project.row.path_with_namespace;
    if (known.has(fullPath.toLowerCase()) || isTemplate(project)) return false;
    const isSkipped = skipped.includes(fullPath) || skipped.includes(project.row.path);
    const reason = isSkipped ? "is left alone, as asked" : whyNotAdoptable(project);
    if (reason) remarks.push(`${fullPath} ${reason}.`);
    return !reason;
  });
  return { chosen, remarks };
}

function planPackage(
  { name, project }: { readonly name: string; readonly project: ProjectWorld },
  taken: readonly string[],
  { mainGroup, takeOver, place, distributions }: PackagesRequest,
): PlannedPackage {
  const { row, files, pipeline: text } = project;
  const fullPath = row.path_with_namespace;
  const adopted = toPackage(project, { name, mainGroup });
  const pipeline = text === undefined ? undefined : readPipeline(text);
  const packages = taken.filter((each) => each !== name);
  const context = { place, distributions, files, packages };
  const isWanted = takeOver && pipeline !== undefined && !row.archived;
  const own = isWanted ? toPackagePipeline(pipeline, context) : undefined;
  return {
    id: row.id,
    name,
    fullPath,
    entry: own ? takenOver(adopted.entry, own) : kept(adopted.entry, pipeline, context),
    secrets: below(adopted, name),
    remarks: isWanted && !own ? [...adopted.remarks, cannotTakeOver(fullPath)] : adopted.remarks,
    findings: pipeline && findFaults(pipeline, row.build_git_strategy),
    isTakenOver: own !== undefined,
  };
}

function cannotTakeOver(fullPath: string): string {
  return `${fullPath}: the pipeline does not say what it builds for, so it is kept. Give its distributions and remove pipeline: own.`;
}

function takenOver({ pipeline: _, ...entry }: Entry, own: Entry): Entry {
  return { ...entry, ...own };
}

/** With the distributions that its own pipeline uploads to, which other packages may use it on. */
function kept(
  { pipeline: own, ...entry }: Entry,
  pipeline: ReadPipeline | undefined,
  context: Parameters<typeof uploadsTo>[1],
): Entry {
  const distributions = pipeline ? uploadsTo(pipeline, context) : [];
  return { pipeline: own, ...(distributions.length > 0 && { distributions }), ...entry };
}

/** The shell that the stack's own pipelines include. */
export function isTemplate({ files }: ProjectWorld): boolean {
  return files.includes("package-v1.yml");
}
