export { AptRepository, type AptRepositoryArgs } from "./apt-repository.ts";
export { AptlyServer, type AptlyServerArgs } from "./aptly-server.ts";
export { BuilderImage, type BuilderImageArgs } from "./builder-image.ts";
export { type AptlyAccess, PackageGroup, type PackageGroupArgs } from "./package-group.ts";
export {
  PackageProject,
  type PackageProjectArgs,
  type PipelineSchedule,
} from "./package-project.ts";
export { Runner, type RunnerArgs, type RunnerScope } from "./runner.ts";
export { RunnerFleet, type RunnerFleetArgs } from "./runner-fleet.ts";
export {
  type DockerMachine,
  RunnerHost,
  type RunnerHostArgs,
  type RunnerPackage,
  type SshMachine,
} from "./runner-host.ts";
export { TemplateProject, type TemplateProjectArgs } from "./template-project.ts";
