/** Test reports of pipelines. https://docs.gitlab.com/api/pipelines/ */
import type { FastifyInstance } from "fastify";
import type { Context } from "../context.ts";
import { parameters, readInput } from "../input.ts";
import { findPipeline, findPipelineProject } from "../pipelines/find.ts";
import { currentJobs } from "../pipelines/processing.ts";
import { readTestSuites, toTestReport } from "../pipelines/test-report.ts";

const path = "/projects/:id/pipelines/:pipeline_id/test_report";

export function testReportRoutes(api: FastifyInstance, context: Context): void {
  api.get(path, { config: { anonymous: true } }, async (request) => {
    readInput(request, parameters({}));
    const project = findPipelineProject(request, context);
    const jobs = currentJobs(context.store, findPipeline(request, context, project));
    return toTestReport(await readTestSuites(context, jobs));
  });
}
