import type { FastifyRequest } from "fastify";
import { findProject, role, roleInProject } from "../access.ts";
import type { Context } from "../context.ts";
import type { Project } from "../entities.ts";
import { pathNumber } from "../input.ts";
import { refusal } from "../reply.ts";
import type { Job, Pipeline } from "./rows.ts";

/** The project whose pipelines a request reads. */
export function findPipelineProject(request: FastifyRequest, context: Context): Project {
  const project = findProject(request, context);
  if (!readsPipelines(request, context, project)) throw refusal.forbidden();
  return project;
}

/**
 * Whether a request may read a project's pipelines. Strangers see those of a public project only
 * while its jobs are public; guests of a private one see none.
 */
function readsPipelines(request: FastifyRequest, { store }: Context, project: Project): boolean {
  const user = request.caller?.user;
  const own = user ? roleInProject(store, user, project) : role.none;
  const { builds_access_level, public_jobs } = project.settings;
  if (builds_access_level === "disabled") return false;
  const isOpen =
    project.visibility !== "private" && public_jobs && builds_access_level === "enabled";
  return isOpen || own >= role.reporter;
}

/** The pipeline named in the path. */
export function findPipeline(
  request: FastifyRequest,
  { store }: Context,
  project: Project,
): Pipeline {
  const pipeline = store.pipelines.get(pathNumber(request, "pipeline_id"));
  if (pipeline?.project_id !== project.id) throw refusal.rowNotFound();
  return pipeline;
}

/** The job named in the path. */
export function findJob(request: FastifyRequest, { store }: Context, project: Project): Job {
  const job = store.jobs.get(pathNumber(request, "job_id"));
  if (job?.project_id !== project.id) throw refusal.rowNotFound();
  return job;
}
