import type { RouteFamily } from "./context.ts";
import { branchRoutes } from "./routes/branches.ts";
import { ciLintRoutes } from "./routes/ci-lint.ts";
import { commitRoutes } from "./routes/commits.ts";
import { deployTokenRoutes } from "./routes/deploy-tokens.ts";
import { groupLifecycleRoutes } from "./routes/group-lifecycle.ts";
import { groupRoutes } from "./routes/groups.ts";
import { hookRoutes } from "./routes/hooks.ts";
import { jobArtifactRoutes } from "./routes/job-artifacts.ts";
import { jobRequestRoutes } from "./routes/job-requests.ts";
import { jobUpdateRoutes } from "./routes/job-updates.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { memberRoutes } from "./routes/members.ts";
import { metadataRoutes } from "./routes/metadata.ts";
import { namespaceRoutes } from "./routes/namespaces.ts";
import { personalAccessTokenRoutes } from "./routes/personal-access-tokens.ts";
import { pipelineScheduleVariableRoutes } from "./routes/pipeline-schedule-variables.ts";
import { pipelineScheduleRoutes } from "./routes/pipeline-schedules.ts";
import { pipelineRoutes } from "./routes/pipelines.ts";
import { projectAccessTokenRoutes } from "./routes/project-access-tokens.ts";
import { projectLifecycleRoutes } from "./routes/project-lifecycle.ts";
import { projectRoutes } from "./routes/projects.ts";
import { protectedBranchRoutes } from "./routes/protected-branches.ts";
import { protectedTagRoutes } from "./routes/protected-tags.ts";
import { registrationTokenRoutes } from "./routes/registration-tokens.ts";
import { repositoryFileRoutes } from "./routes/repository-files.ts";
import { repositoryTreeRoutes } from "./routes/repository-tree.ts";
import { runnerAssignmentRoutes } from "./routes/runner-assignment.ts";
import { runnerRegistrationRoutes } from "./routes/runner-registration.ts";
import { runnerRoutes } from "./routes/runners.ts";
import { tagRoutes } from "./routes/tags.ts";
import { userRoutes } from "./routes/users.ts";
import { variableRoutes } from "./routes/variables.ts";

/** Every family of routes under `/api/v4`. */
export const families: RouteFamily[] = [
  metadataRoutes,
  userRoutes,
  namespaceRoutes,
  groupRoutes,
  groupLifecycleRoutes,
  variableRoutes,
  projectRoutes,
  projectLifecycleRoutes,
  protectedBranchRoutes,
  protectedTagRoutes,
  memberRoutes,
  runnerRoutes,
  runnerAssignmentRoutes,
  runnerRegistrationRoutes,
  registrationTokenRoutes,
  pipelineRoutes,
  jobRoutes,
  jobRequestRoutes,
  jobUpdateRoutes,
  jobArtifactRoutes,
  pipelineScheduleRoutes,
  pipelineScheduleVariableRoutes,
  deployTokenRoutes,
  projectAccessTokenRoutes,
  hookRoutes,
  personalAccessTokenRoutes,
  branchRoutes,
  tagRoutes,
  commitRoutes,
  repositoryFileRoutes,
  repositoryTreeRoutes,
  ciLintRoutes,
];
