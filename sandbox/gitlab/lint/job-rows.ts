import { type Config, isConfig, isStringList } from "./config.ts";
import { listNeeds, type Need } from "./needs.ts";
import { stageOf } from "./order.ts";

/** A job as GitLab's lint shows it. */
export interface JobRow {
  name: string;
  stage: string;
  before_script: string[];
  script: string[];
  after_script: string[];
  tag_list: string[];
  only: unknown;
  except: unknown;
  environment: string | null;
  when: string;
  allow_failure: boolean;
  needs: Need[] | null;
}

/** Shows the jobs in the order of their stages, with what they inherit. */
export function toJobRows(
  config: Config,
  stages: readonly string[],
  jobs: readonly [string, Config][],
): JobRow[] {
  const rows = jobs.map(([name, job]) => toJobRow(config, name, job));
  return stages.flatMap((stage) => rows.filter((row) => row.stage === stage));
}

function toJobRow(config: Config, name: string, job: Config): JobRow {
  const ruled = job.rules != null || hasWorkflowRules(config);
  const inherited = (key: string) => inherit(config, job, key);
  const tags = inherited("tags");
  return {
    name,
    stage: stageOf(job),
    before_script: toLines(inherited("before_script")),
    script: toLines(job.script),
    after_script: toLines(inherited("after_script")),
    tag_list: isStringList(tags) ? tags : [],
    only: job.only ?? (ruled ? null : { refs: ["branches", "tags"] }),
    except: job.except ?? null,
    environment: toEnvironment(job.environment),
    when: typeof job.when === "string" ? job.when : "on_success",
    allow_failure:
      typeof job.allow_failure === "boolean" ? job.allow_failure : job.when === "manual",
    needs: job.needs == null ? null : listNeeds(job),
  };
}

/** Whether the configuration decides by `workflow: rules` which pipelines exist. */
export function hasWorkflowRules(config: Config): boolean {
  return isConfig(config.workflow) && config.workflow.rules != null;
}

/** The job's own value, or that of `default` or of the top unless the job opts out. */
export function inherit(config: Config, job: Config, key: string): unknown {
  if (job[key] != null) return job[key];
  const choice = isConfig(job.inherit) ? (job.inherit.default ?? true) : true;
  const wanted = Array.isArray(choice) ? choice.includes(key) : choice === true;
  if (!wanted) return undefined;
  return (isConfig(config.default) ? config.default[key] : undefined) ?? config[key];
}

/** The lines of a script, however deeply nested. */
export function toLines(script: unknown): string[] {
  if (typeof script === "string") return [script];
  return Array.isArray(script) ? script.flatMap(toLines) : [];
}

function toEnvironment(environment: unknown): string | null {
  const name = isConfig(environment) ? environment.name : environment;
  return typeof name === "string" ? name : null;
}
