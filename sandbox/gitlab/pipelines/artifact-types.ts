import type { CoverageFormat, ReportType } from "../lint/report-types.ts";

export const artifactFormats = ["zip", "gzip", "raw"] as const;

interface ArtifactType {
  /** How a runner packs it. */
  format: (typeof artifactFormats)[number];
  /** What a runner calls the file; null where the job or the runner says so. */
  filename: string | null;
}

export type ArtifactTypeName =
  | Exclude<ReportType, "coverage_report">
  | CoverageFormat
  | "archive"
  | "metadata";

/** Every type that an artifact may have, as GitLab hands it to a runner. */
export const artifactTypes: Record<ArtifactTypeName, ArtifactType> = {
  archive: { format: "zip", filename: null },
  metadata: { format: "gzip", filename: null },
  accessibility: { format: "raw", filename: "gl-accessibility.json" },
  annotations: { format: "gzip", filename: "gl-annotations.json" },
  api_fuzzing: { format: "raw", filename: "gl-api-fuzzing-report.json" },
  browser_performance: { format: "raw", filename: "browser-performance.json" },
  cluster_image_scanning: { format: "raw", filename: "gl-cluster-image-scanning-report.json" },
  cobertura: { format: "gzip", filename: "cobertura-coverage.xml" },
  codequality: { format: "raw", filename: "gl-code-quality-report.json" },
  container_scanning: { format: "raw", filename: "gl-container-scanning-report.json" },
  coverage_fuzzing: { format: "raw", filename: "gl-coverage-fuzzing.json" },
  cyclonedx: { format: "gzip", filename: "gl-sbom.cdx.json" },
  dast: { format: "raw", filename: "gl-dast-report.json" },
  dependency_scanning: { format: "raw", filename: "gl-dependency-scanning-report.json" },
  dotenv: { format: "gzip", filename: ".env" },
  jacoco: { format: "gzip", filename: "jacoco-coverage.xml" },
  junit: { format: "gzip", filename: "junit.xml" },
  license_scanning: { format: "raw", filename: "gl-license-scanning-report.json" },
  load_performance: { format: "raw", filename: "load-performance.json" },
  lsif: { format: "zip", filename: "lsif.json" },
  metrics: { format: "gzip", filename: "metrics.txt" },
  performance: { format: "raw", filename: "performance.json" },
  repository_xray: { format: "gzip", filename: "gl-repository-xray.json" },
  requirements: { format: "raw", filename: "requirements.json" },
  requirements_v2: { format: "raw", filename: "requirements_v2.json" },
  sarif: { format: "raw", filename: "gl-sarif-report.sarif" },
  sast: { format: "raw", filename: "gl-sast-report.json" },
  scip: { format: "zip", filename: "index.scip" },
  secret_detection: { format: "raw", filename: "gl-secret-detection-report.json" },
  terraform: { format: "raw", filename: "tfplan.json" },
};

/** The traits of a type; undefined for a text that names none. */
export function findArtifactType(name: string): ArtifactType | undefined {
  return Object.hasOwn(artifactTypes, name) ? artifactTypes[name as ArtifactTypeName] : undefined;
}
