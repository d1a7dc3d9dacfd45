/** What programs of others import as `trunkline`. */
export type {
  AptSource,
  BuilderImageRequest,
  FurtherSource,
  Mirror,
} from "../image/builder-image.ts";
export {
  type BuildArchitecture,
  builderPackages,
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
  renderPipeline,
  type Target,
} from "../pipeline/debian-package.ts";
export { checkPipeline } from "../pipeline/handoff.ts";
export * from "../pipeline/model.ts";
export { aptRepositoryName, builderImageVariable, templateBranch } from "../pipeline/names.ts";
export type { PackageTests } from "../pipeline/package-plan.ts";
export type { BuildSystem, PackageArchitecture } from "../pipeline/package-shape.ts";
export { toInline } from "../pipeline/render.ts";
export { renderTemplate, type Template } from "../pipeline/template.ts";
export { type PipelineVariable, pipelineVariables } from "../pipeline/variables.ts";
export type { RunnerRequest } from "../runner/plan.ts";
export { ConfigError } from "../validation/config-error.ts";
export { AptMirror, type AptMirrorArgs, type MirroredSuite } from "./apt-mirror.ts";
export { type AptDistribution, AptRepository, type AptRepositoryArgs } from "./apt-repository.ts";
export { AptlyServer, type AptlyServerArgs } from "./aptly-server.ts";
export { BuilderImage, type BuilderImageArgs } from "./builder-image.ts";
export { DestroyGuard, type DestroyGuardArgs } from "./destroy-guard.ts";
export type { AptlyAccess } from "./job-access.ts";
export { PackageGroup, type PackageGroupArgs } from "./package-group.ts";
export {
  type MergeRequestSettings,
  PackageProject,
  type PackageProjectArgs,
  type PipelineSchedule,
  type ProjectMember,
} from "./package-project.ts";
export { Runner, type RunnerArgs, type RunnerScope } from "./runner.ts";
export {
  type DockerMachine,
  RunnerHost,
  type RunnerHostArgs,
  type RunnerPackage,
  type SshMachine,
} from "./runner-host.ts";
export { TemplateProject, type TemplateProjectArgs } from "./template-project.ts";
export type { Transform } from "./transform.ts";
export type { Variable, Variables } from "./variables.ts";
