import { type Config, isConfig, isStringList } from "../lint/config.ts";
import { parseDuration } from "../lint/duration.ts";
import { inherit, toLines } from "../lint/job-rows.ts";
import { listNeeds, type Need } from "../lint/needs.ts";
import { stageOf } from "../lint/order.ts";
import type { Node } from "../lint/parallel.ts";
import { type ArtifactsSpec, toArtifacts } from "./artifacts-spec.ts";
import { type CacheSpec, toCaches } from "./cache-spec.ts";
import { type ImageSpec, toImage, toServices } from "./image-spec.ts";
import type { JobVariable } from "./variables.ts";
import { toYamlVariables } from "./yaml-variables.ts";

export type When = "on_success" | "on_failure" | "always" | "manual" | "delayed" | "never";

/** https://docs.gitlab.com/ci/yaml/#retry */
export interface RetrySpec {
  max: number;
  when: string[];
  exit_codes: number[];
}

/** A job as its configuration describes it, defaults and inheritance worked in. */
export interface JobSpec {
  name: string;
  stage: string;
  before_script: string[];
  script: string[];
  after_script: string[];
  /** https://docs.gitlab.com/ci/yaml/#hookspre_get_sources_script */
  pre_get_sources_script: string[];
  tags: string[];
  when: When;
  /** Seconds that a delayed job waits once its turn came; absent for others. */
  start_in?: number;
  allow_failure: boolean;
  /** Exit codes that are allowed, where not every failure is. */
  allowed_exit_codes: number[];
  /** Undecided until the pipeline is made. */
  rules: Config[] | null;
  /** Null where the stages give the order. */
  needs: Need[] | null;
  /** Null where all earlier artifacts are fetched. */
  dependencies: string[] | null;
  image: ImageSpec | null;
  services: ImageSpec[];
  variables: JobVariable[];
  artifacts: ArtifactsSpec | null;
  cache: CacheSpec[];
  retry: RetrySpec;
  /** Seconds; null leaves it to the project. */
  timeout: number | null;
  interruptible: boolean;
  resource_group: string | null;
  environment: { name: string; url: string | null; action: string } | null;
  /** Absent where `parallel` did not make it. */
  node?: Node;
}

/** Reads a job of a configuration without faults, after `parallel` made several of it. */
export function toJobSpec(config: Config, name: string, job: Config): JobSpec {
  const inherited = (key: string) => inherit(config, job, key);
  const when = (job.when ?? "on_success") as When;
  const timeout = inherited("timeout");
  const tags = inherited("tags");
  const hooks = inherited("hooks");
  return {
    name,
    stage: stageOf(job),
    before_script: toLines(inherited("before_script")),
    script: toLines(job.script),
    after_script: toLines(inherited("after_script")),
    pre_get_sources_script: isConfig(hooks) ? toLines(hooks.pre_get_sources_script) : [],
    tags: isStringList(tags) ? tags : [],
    when,
    ...readDelay(job),
    allow_failure: job.allow_failure === true || (job.allow_failure == null && when === "manual"),
    allowed_exit_codes: toNumbers(isConfig(job.allow_failure) && job.allow_failure.exit_codes),
    rules: Array.isArray(job.rules) ? job.rules.flat(3).filter(isConfig) : null,
    needs: job.needs == null ? null : listNeeds(job),
    dependencies: isStringList(job.dependencies) ? job.dependencies : null,
    image: toImage(inherited("image")),
    services: toServices(inherited("services")),
    variables: toYamlVariables(config, job),
    artifacts: toArtifacts(inherited("artifacts")),
    cache: toCaches(inherited("cache")),
    retry: toRetry(inherited("retry")),
    timeout: timeout == null ? null : (parseDuration(String(timeout)) ?? null),
    interruptible: inherited("interruptible") === true,
    resource_group: typeof job.resource_group === "string" ? job.resource_group : null,
    environment: toEnvironment(job.environment),
    ...(isConfig(job.parallel) && { node: toNode(job.parallel) }),
  };
}

/** `start_in` of a job or of one of its rules. */
export function readDelay({ start_in }: Config): Pick<JobSpec, "start_in"> {
  const seconds = start_in == null ? undefined : parseDuration(String(start_in));
  return seconds === undefined ? {} : { start_in: seconds };
}

function toRetry(given: unknown): RetrySpec {
  const { max, when, exit_codes } = isConfig(given) ? given : { max: given };
  const named = isConfig(given) && (when != null || exit_codes != null);
  return {
    max: Number(max ?? 0),
    when: when == null ? (named ? [] : ["always"]) : [when].flat().map(String),
    exit_codes: toNumbers(exit_codes),
  };
}

function toEnvironment(given: unknown): JobSpec["environment"] {
  const { name, url, action } = isConfig(given) ? given : { name: given };
  if (typeof name !== "string") return null;
  return {
    name,
    url: typeof url === "string" ? url : null,
    action: typeof action === "string" ? action : "start",
  };
}

function toNode({ index, total }: Config): Node {
  return { index: Number(index), total: Number(total) };
}

function toNumbers(given: unknown): number[] {
  return [given].flat().filter((code): code is number => typeof code === "number");
}
