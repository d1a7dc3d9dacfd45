import { type Config, isConfig, isStringList } from "./config.ts";
import { coverageFormats, isCoverageFormat, isReportType } from "./report-types.ts";

/**
 * Checks `artifacts: reports`; gives GitLab's sentences.
 *
 * @param place what has the artifacts, such as `jobs:build`.
 */
export function checkReports(place: string, { artifacts }: Config): string[] {
  const reports = isConfig(artifacts) ? artifacts.reports : undefined;
  if (reports == null) return [];
  const path = `${place}:artifacts:reports`;
  if (!isConfig(reports)) return [`${path} config should be a hash`];
  const unknown = Object.keys(reports).filter((key) => !isReportType(key));
  if (unknown.length > 0) return [`${path} config contains unknown keys: ${unknown.join(", ")}`];
  return Object.entries(reports).flatMap(([type, given]) =>
    type === "coverage_report" ? checkCoverage(path, given) : checkPaths(path, type, given),
  );
}

function checkPaths(path: string, type: string, given: unknown): string[] {
  if (given === null || typeof given === "string" || isStringList(given)) return [];
  return [`${path} ${type} should be an array of strings or a string`];
}

function checkCoverage(path: string, given: unknown): string[] {
  const place = `${path}:coverage_report`;
  if (given === null) return [];
  if (!isConfig(given)) return [`${place} config should be a hash`];
  const { coverage_format: format, path: file } = given;
  return [
    ...(isCoverageFormat(format)
      ? []
      : [
          `${place} coverage format must be one of supported formats: ${coverageFormats.join(", ")}.`,
        ]),
    ...(typeof file === "string" && file !== "" ? [] : [`${place} path can't be blank`]),
  ];
}
