import { checkProjectPath } from "../validation/gitlab-paths.ts";
import { branchName, debianPackageName } from "../validation/text-rules.ts";
import { type Adopted, below, type Entry, uniqueName, withoutUnset } from "./adopted.ts";
import { toProtectedBranches } from "./branches.ts";
import type { ProjectRow } from "./gitlab-rows.ts";
import type { ProjectWorld } from "./gitlab-world.ts";
import { toSchedules } from "./schedules.ts";
import { toVariables } from "./variables.ts";

/** Why a project cannot be a package of the stack, as the end of a sentence; undefined when it can. */
export function whyNotAdoptable({ row }: ProjectWorld): string | undefined {
  const refusal = checkProjectPath(row.path);
  return refusal && `cannot be expressed: ${refusal.message}; it is left alone`;
}

/** The name of a package: the last part of the project's path where Debian allows that. */
export function toPackageName(row: ProjectRow, taken: (name: string) => boolean): string {
  const plain = row.path
    .toLowerCase()
    .replace(/[^a-z0-9+.-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "");
  return uniqueName(debianPackageName(plain) ? `package-${plain}` : plain, taken);
}

/** A project as it is: a package whose pipeline is the team's own. */
export function toPackage(
  { row, variables, protections, schedules, protectedTags }: ProjectWorld,
  { name, mainGroup }: Place,
): Adopted<Entry> {
  const subject = row.path_with_namespace;
  if (row.archived) return toArchivedPackage(row, { name, mainGroup });
  const ofVariables = toVariables(variables ?? [], subject);
  const ofBranches = toProtectedBranches(protections ?? [], subject);
  const ofSchedules = toSchedules(schedules ?? [], subject);
  const branch = row.empty_repo ? undefined : (row.default_branch ?? undefined);
  const entry = withoutUnset({
    ...toPlace(row, { name, mainGroup }),
    defaultBranch: branch && branchName(branch) ? undefined : branch,
    protectedBranches: filled(ofBranches.entry),
    mergeRequests: filled(toMergeRequests(row)),
    variables: filled(ofVariables.entry),
    schedules: filled(ofSchedules.entry),
  });
  return {
    entry,
    secrets: [...below(ofVariables, "variables"), ...below(ofSchedules, "schedules")],
    remarks: [
      ...ofVariables.remarks,
      ...ofBranches.remarks,
      ...ofSchedules.remarks,
      ...listUnread({ variables, protections, schedules }, subject),
      ...leftAlone(subject, "topics", row.topics ?? []),
      ...leftAlone(subject, "protected tags", protectedTags),
    ],
  };
}

interface Place {
  readonly name: string;
  readonly mainGroup: string;
}

function toPlace(row: ProjectRow, { name, mainGroup }: Place): Entry {
  const group = row.namespace.full_path;
  return {
    pipeline: "own",
    group: group === mainGroup ? undefined : group,
    project: row.path === name ? undefined : row.path,
    description: row.description || undefined,
    visibility: row.visibility,
  };
}

/** GitLab takes no changes of what is in it. */
function toArchivedPackage(row: ProjectRow, place: Place): Adopted<Entry> {
  const entry = withoutUnset({ ...toPlace(row, place), archived: true });
  const remark = `${row.path_with_namespace} is archived; what is in it is left alone.`;
  return { entry, secrets: [], remarks: [remark] };
}

function filled(entry: Entry): Entry | undefined {
  return Object.keys(entry).length > 0 ? entry : undefined;
}

/** What differs from a new project of GitLab's own. */
function toMergeRequests(row: ProjectRow): Entry {
  const method = row.merge_method === "merge" ? undefined : row.merge_method;
  return withoutUnset({
    onlyAllowMergeIfPipelineSucceeds: row.only_allow_merge_if_pipeline_succeeds || undefined,
    allowMergeOnSkippedPipeline: row.allow_merge_on_skipped_pipeline || undefined,
    onlyAllowMergeIfAllDiscussionsAreResolved:
      row.only_allow_merge_if_all_discussions_are_resolved || undefined,
    removeSourceBranchAfterMerge:
      row.remove_source_branch_after_merge === false ? false : undefined,
    mergeMethod: method,
    squashOption: row.squash_option === "default_off" ? undefined : row.squash_option,
  });
}

function listUnread(parts: Readonly<Record<string, unknown>>, subject: string): string[] {
  return Object.entries(parts)
    .filter(([, rows]) => rows === undefined)
    .map(([part]) => `${subject}: the token's user may not read its ${part}; they are left alone.`);
}

function leftAlone(subject: string, what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`${subject}: ${what} ${names.join(", ")} cannot be expressed; they are left alone.`];
}
