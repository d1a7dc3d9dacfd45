/** Test reports of pipelines. https://docs.gitlab.com/api/pipelines/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { parameters, readInput } from "../input.ts";
import { findPipeline, findPipelineProject } from "../pipelines/find.ts";
import { currentJobs } from "../pipelines/processing.ts";
import type { Job } from "../pipelines/rows.ts";
import { isComplete } from "../pipelines/statuses.ts";
import { readTestSuites, toTestReport, toTestReportSummary } from "../pipelines/test-report.ts";

const path = "/projects/:id/pipelines/:pipeline_id";
const reading = { config: { anonymous: true } };

export function testReportRoutes(api: FastifyInstance, context: Context): void {
  api.get(`${path}/test_report`, reading, async (request) =>
    toTestReport(await readTestSuites(context, listJobs(request))),
  );

  /** GitLab adds a job to the summary once it has ended. */
  api.get(`${path}/test_report_summary`, reading, async (request) => {
    const ended = listJobs(request).filter((job) => isComplete(job.status));
    return toTestReportSummary(await readTestSuites(context, ended));
  });

  function listJobs(request: FastifyRequest): Job[] {
    readInput(request, parameters({}));
    const project = findPipelineProject(request, context);
    return currentJobs(context.store, findPipeline(request, context, project));
  }
}
