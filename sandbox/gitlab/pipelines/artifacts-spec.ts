import { type Config, isConfig } from "../lint/config.ts";
import { toLines } from "../lint/job-rows.ts";
import type { ArtifactTypeName } from "./artifact-types.ts";

/** A report that a job leaves. https://docs.gitlab.com/ci/yaml/artifacts_reports/ */
export interface ReportSpec {
  /** The type of its artifact, such as `junit`. */
  type: ArtifactTypeName;
  paths: string[];
}

/** https://docs.gitlab.com/ci/yaml/#artifacts */
export interface ArtifactsSpec {
  name: string | null;
  paths: string[];
  exclude: string[];
  untracked: boolean;
  when: string;
  expire_in: string | null;
  /** Absent where there are none. */
  reports?: ReportSpec[];
}

/** Reads `artifacts` of a job. */
export function toArtifacts(given: unknown): ArtifactsSpec | null {
  if (!isConfig(given)) return null;
  return {
    name: typeof given.name === "string" ? given.name : null,
    paths: toLines(given.paths),
    exclude: toLines(given.exclude),
    untracked: given.untracked === true,
    when: typeof given.when === "string" ? given.when : "on_success",
    expire_in: given.expire_in == null ? null : String(given.expire_in),
    ...(isConfig(given.reports) && { reports: toReports(given.reports) }),
  };
}

/** A coverage report is an artifact of its format's type. */
function toReports(reports: Config): ReportSpec[] {
  return Object.entries(reports)
    .filter(([, given]) => given != null)
    .map(([name, given]) => {
      const { coverage_format: type, path } = isConfig(given)
        ? given
        : { coverage_format: name, path: given };
      return { type: type as ArtifactTypeName, paths: toLines(path) };
    });
}
