import { type Job, type Pipeline, Reference } from "./model.ts";
import { renderPipeline } from "./render.ts";

/** Pipelines that differ in nothing but names and values, and one of them for all. */
export interface PipelineShape {
  /** Full paths of their projects. */
  readonly projects: readonly string[];
  /** The first one's text. */
  readonly content: string;
}

/** Each distinct shape among pipelines, given by their projects' full paths. */
export function selectShapes(pipelines: Readonly<Record<string, Pipeline>>): PipelineShape[] {
  const byShape = new Map<string, { projects: string[]; content: string }>();
  for (const [project, pipeline] of Object.entries(pipelines)) {
    const shape = shapeOf(pipeline);
    const alike = byShape.get(shape);
    if (alike) alike.projects.push(project);
    else byShape.set(shape, { projects: [project], content: renderPipeline(pipeline) });
  }
  return [...byShape.values()];
}

function shapeOf({ include, workflow, stages, jobs, template }: Pipeline): string {
  const kinds = new Set(jobs.map((job) => JSON.stringify(toKeys(job))));
  return JSON.stringify([include, workflow, stages, template, [...kinds].sort()]);
}

function toKeys(job: Job): readonly unknown[] {
  const keys = Object.entries(job)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => (value instanceof Reference ? `${key}: ${value.path.at(-1)}` : key));
  return [job.extends, ...keys];
}
