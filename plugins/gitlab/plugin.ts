import { z } from "zod";
import { anyKind, anyLookup, definePlugin } from "../kit/plugin.ts";
import { prop } from "../kit/property.ts";
import { GitLab } from "./client.ts";
import { branchProtection } from "./kinds/branch-protection.ts";
import { group } from "./kinds/group.ts";
import { groupVariable } from "./kinds/group-variable.ts";
import { pipelineSchedule } from "./kinds/pipeline-schedule.ts";
import { pipelineScheduleVariable } from "./kinds/pipeline-schedule-variable.ts";
import { project } from "./kinds/project.ts";
import { projectAccessToken } from "./kinds/project-access-token.ts";
import { projectDeployToken } from "./kinds/project-deploy-token.ts";
import { projectMembership } from "./kinds/project-membership.ts";
import { projectRunnerEnablement } from "./kinds/project-runner-enablement.ts";
import { projectTag } from "./kinds/project-tag.ts";
import { projectVariable } from "./kinds/project-variable.ts";
import { repositoryFile } from "./kinds/repository-file.ts";
import { tagProtection } from "./kinds/tag-protection.ts";
import { userRunner } from "./kinds/user-runner.ts";
import { getCurrentUser } from "./lookups/get-current-user.ts";
import { getGroup } from "./lookups/get-group.ts";
import { getMetadata } from "./lookups/get-metadata.ts";
import { getProject } from "./lookups/get-project.ts";
import { getUser } from "./lookups/get-user.ts";
import { lintPipelines } from "./lookups/lint-pipelines.ts";

const config = {
  baseUrl: {
    ...prop(
      z.url("must be a URL").regex(/\/api\/v4\/?$/, "must end in /api/v4/"),
      "The address of GitLab's API, ending in `/api/v4/`. Environment: GITLAB_BASE_URL.",
    ),
    env: ["GITLAB_BASE_URL"],
  },
  token: {
    ...prop(
      z.string().min(1),
      "A personal, group or project access token with the `api` scope. Environment: GITLAB_TOKEN.",
      { secret: true },
    ),
    env: ["GITLAB_TOKEN"],
  },
  retries: prop(
    z.int().min(0).default(5),
    "How often a call that may be repeated is tried again. Default: 5.",
  ),
  headers: prop(z.record(z.string(), z.string()).optional(), "Headers sent with every request."),
};

export const gitlab = definePlugin({
  name: "gitlab",
  version: "10.1.0",
  doc: "GitLab resources as trunkline needs them, token- and state-compatible with the official provider.",
  sdk: "@pulumi/gitlab",
  config,
  address: "baseUrl",
  connect: (options, { cancellation, report, address }) =>
    new GitLab({
      baseUrl: options.baseUrl,
      token: options.token,
      retries: options.retries,
      ...(options.headers && { headers: options.headers }),
      cancellation,
      report,
      address,
    }),
  verify: (api) => api.user(),
  kinds: [
    anyKind(group),
    anyKind(groupVariable),
    anyKind(project),
    anyKind(projectVariable),
    anyKind(repositoryFile),
    anyKind(userRunner),
    anyKind(projectRunnerEnablement),
    anyKind(branchProtection),
    anyKind(tagProtection),
    anyKind(projectTag),
    anyKind(pipelineSchedule),
    anyKind(pipelineScheduleVariable),
    anyKind(projectDeployToken),
    anyKind(projectAccessToken),
    anyKind(projectMembership),
  ],
  lookups: [
    anyLookup(getCurrentUser),
    anyLookup(getMetadata),
    anyLookup(getGroup),
    anyLookup(getProject),
    anyLookup(getUser),
    anyLookup(lintPipelines),
  ],
});
