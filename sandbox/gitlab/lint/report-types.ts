/**
 * What `artifacts: reports` may hold.
 * https://docs.gitlab.com/ci/yaml/artifacts_reports/
 */
export const reportTypes = [
  "accessibility",
  "annotations",
  "api_fuzzing",
  "browser_performance",
  "cluster_image_scanning",
  "codequality",
  "container_scanning",
  "coverage_fuzzing",
  "coverage_report",
  "cyclonedx",
  "dast",
  "dependency_scanning",
  "dotenv",
  "junit",
  "license_scanning",
  "load_performance",
  "lsif",
  "metrics",
  "performance",
  "repository_xray",
  "requirements",
  "requirements_v2",
  "sarif",
  "sast",
  "scip",
  "secret_detection",
  "terraform",
] as const;

export type ReportType = (typeof reportTypes)[number];

/** Whether a text names a report. */
export function isReportType(text: string): text is ReportType {
  return reportTypes.some((type) => type === text);
}

/** Forms of `coverage_report`, which are the types of its artifacts. */
export const coverageFormats = ["cobertura", "jacoco"] as const;

export type CoverageFormat = (typeof coverageFormats)[number];

/** Whether a value names a form of `coverage_report`. */
export function isCoverageFormat(value: unknown): value is CoverageFormat {
  return coverageFormats.some((format) => format === value);
}
