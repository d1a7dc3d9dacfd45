import { expect, test } from "vitest";
import type { PipelineJob, ProjectPipelines } from "./gitlab-pipeline.ts";
import { JobLogs } from "./job-logs.ts";

const at = (second: number) => `2026-11-24T11:17:0${second}.000000Z`;

test("a line that comes in pieces, between two looks, is reported once and whole", async () => {
  const job: PipelineJob = { id: 7, name: "compile", status: "running" };
  let trace = `${at(1)} 01O first\n${at(2)} 01O one, \n`;
  const pipelines: Pick<ProjectPipelines, "listJobs" | "readTrace"> = {
    listJobs: async () => [{ ...job }],
    readTrace: async () => trace,
  };
  const lines: string[] = [];
  const logs = new JobLogs(pipelines, 1, (line) => lines.push(line));

  await logs.reportNew();
  expect(lines).toEqual(["compile  first"]);
  trace += `${at(3)} 01O+and two\n`;
  await logs.reportNew();
  job.status = "success";
  await logs.reportNew();
  await logs.reportNew();
  expect(lines).toEqual(["compile  first", "compile  one, and two"]);
});
