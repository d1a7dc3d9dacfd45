/** Projects. https://docs.gitlab.com/api/projects/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findProject, role } from "../access.ts";
import { createSecret, userOf } from "../auth.ts";
import { type Context, timestamp } from "../context.ts";
import type { Namespace, Project, User } from "../entities.ts";
import { isEmpty } from "../git/commit.ts";
import { findRef, isRefName, setHead } from "../git/refs.ts";
import { createRepository, repositoryDirectory } from "../git/repository.ts";
import { flag, integer, parameters, readInput, text } from "../input.ts";
import { toPath } from "../names.ts";
import { projectPath } from "../paths.ts";
import { toProject } from "../present.ts";
import { checkProjectFaults, checkVisibility, findTargetNamespace } from "../project-checks.ts";
import { findProjects, inOrder, projectSearch } from "../project-search.ts";
import {
  projectDefaults,
  projectSettingsParameters,
  toProjectSettings,
} from "../project-settings.ts";
import { protectDefaultBranch } from "../protection.ts";
import { created, pageOf, refusal } from "../reply.ts";

const visibility = z.enum(["private", "internal", "public"]);

const createInput = parameters({
  ...projectSettingsParameters,
  name: text.optional(),
  path: text.optional(),
  namespace_id: integer.optional(),
  description: text.nullable().optional(),
  visibility: visibility.optional(),
  default_branch: text.optional(),
  initialize_with_readme: flag.default(false),
});

const updateInput = parameters({
  ...projectSettingsParameters,
  name: text.optional(),
  path: text.optional(),
  description: text.nullable().optional(),
  visibility: visibility.optional(),
  default_branch: text.optional(),
});

export function projectRoutes(api: FastifyInstance, context: Context): void {
  addReading(api, context);
  addCreation(api, context);
  addUpdate(api, context);
}

function addReading(api: FastifyInstance, context: Context): void {
  const { store } = context;
  const anonymous = { config: { anonymous: true } };

  api.get("/projects", anonymous, (request, reply) => {
    const input = readInput(request, projectSearch);
    const rows = inOrder(findProjects(store, request, input), input);
    return pageOf(reply, rows, input).map((row) => toProject(request, store, row));
  });

  api.get("/projects/:id", anonymous, async (request) => {
    readInput(request, parameters({ statistics: flag.optional(), license: flag.optional() }));
    return toSingle(request, context, findProject(request, context));
  });
}

function addCreation(api: FastifyInstance, context: Context): void {
  api.post("/projects", async (request, reply) => {
    const input = readInput(request, createInput);
    if (input.name === undefined && input.path === undefined)
      throw refusal.nothingGiven(["name", "path"]);
    const user = userOf(request);
    const namespace = findTargetNamespace(context.store, user, input.namespace_id);
    const project = await insertProject(context, input, user, namespace);
    await createProjectRepository(context, project, user, input.initialize_with_readme);
    if (namespace.kind === "user") addOwner(context, project, namespace.owner_id);
    return created(reply, await toSingle(request, context, project));
  });
}

function addUpdate(api: FastifyInstance, context: Context): void {
  const { store } = context;

  api.put("/projects/:id", async (request) => {
    const input = readInput(request, updateInput);
    if (Object.keys(input).length === 0) throw refusal.nothingGiven(Object.keys(updateInput.shape));
    const project = findProject(request, context, role.maintainer);
    const { name = project.name, path = project.path } = input;
    checkProjectFaults(store, { ...project, name, path }, project);
    const { visibility = project.visibility } = input;
    checkVisibility(visibility, store.namespaces.require(project.namespace_id));
    const branch = input.default_branch ?? project.default_branch;
    if (branch !== project.default_branch) await changeHead(context, project, branch);
    if (path !== project.path)
      store.redirects.insert({ path: projectPath(store, project), project_id: project.id });
    store.projects.update(project, {
      name,
      path,
      default_branch: branch,
      description: input.description === undefined ? project.description : input.description,
      visibility,
      updated_at: timestamp(context),
      settings: toProjectSettings(input, "update", project.settings),
    });
    return toSingle(request, context, project);
  });
}

async function insertProject(
  context: Context,
  input: z.output<typeof createInput>,
  user: User,
  namespace: Namespace,
): Promise<Project> {
  const name = input.name ?? input.path ?? "";
  const path = input.path ?? toPath(name);
  const branch = input.default_branch ?? defaultBranchOf(namespace);
  if (!(await isRefName(context.directory, "heads", branch)))
    throw refusal.invalid({ default_branch: ["is invalid"] });
  checkProjectFaults(context.store, { name, path, namespace_id: namespace.id });
  checkVisibility(input.visibility ?? "private", namespace);
  return context.store.projects.insert({
    name,
    path,
    namespace_id: namespace.id,
    creator_id: user.id,
    description: input.description ?? null,
    visibility: input.visibility ?? "private",
    default_branch: branch,
    archived: false,
    ...times(timestamp(context)),
    marked_for_deletion_at: null,
    runners_token: createSecret("GR1348941"),
    settings: toProjectSettings(input, "create", projectDefaults),
  });
}

async function changeHead(context: Context, project: Project, branch: string): Promise<void> {
  const directory = repositoryDirectory(context.directory, project.id);
  if ((await findRef(directory, "heads", branch)) === undefined)
    throw refusal.invalid({ base: [`Could not change HEAD: branch '${branch}' does not exist`] });
  await setHead(directory, branch);
}

async function createProjectRepository(
  context: Context,
  project: Project,
  user: User,
  withReadme: boolean,
): Promise<void> {
  const author = { name: user.name, email: user.email };
  const content = `# ${project.name}\n`;
  await createRepository(repositoryDirectory(context.directory, project.id), {
    defaultBranch: project.default_branch,
    ...(withReadme && { readme: { content, author, date: context.now() } }),
  });
  if (withReadme) protectDefaultBranch(context.store, project);
}

/** Only personal projects get a member of their own; a group's members have rights already. */
function addOwner(context: Context, project: Project, userId: number): void {
  context.store.members.insert({
    parent: { kind: "project", id: project.id },
    user_id: userId,
    access_level: role.owner,
    created_at: timestamp(context),
    expires_at: null,
  });
}

/** A project as single calls answer it. */
export async function toSingle(request: FastifyRequest, context: Context, project: Project) {
  const empty = await isEmpty(repositoryDirectory(context.directory, project.id));
  return toProject(request, context.store, project, { single: true, isEmpty: empty });
}

function defaultBranchOf(namespace: Namespace): string {
  return (namespace.kind === "group" && namespace.settings.default_branch) || "main";
}

function times(now: string) {
  return { created_at: now, updated_at: now, last_activity_at: now };
}
