import { stringify } from "smol-toml";
import { ConfigError, type Fault } from "./config-error.ts";

export type RunnerExecutor = "docker" | "kubernetes";

export interface RunnerRequest {
  /** What GitLab's runner list shows. */
  readonly description: string;
  /** Tags of the jobs that it takes. Empty only with `runUntagged`. */
  readonly tags: readonly string[];
  /** Take jobs without tags too. Default: false. */
  readonly runUntagged?: boolean;
  /** Where jobs run. Default: `docker`. */
  readonly executor?: RunnerExecutor;
  /** Jobs at the same time, at least 1. Default: 1. */
  readonly concurrency?: number;
  /** Take jobs of protected branches and tags only. Default: false. */
  readonly protected?: boolean;
  /** Seconds after which GitLab ends a job, at least 600. Default: the project's own limit. */
  readonly maximumTimeout?: number;
  /** Image of jobs that name none; docker and kubernetes executors want one. */
  readonly image: string;
}

export interface RunnerPlan {
  readonly description: string;
  readonly tags: readonly string[];
  readonly runUntagged: boolean;
  readonly executor: RunnerExecutor;
  readonly concurrency: number;
  readonly accessLevel: "not_protected" | "ref_protected";
  readonly maximumTimeout?: number;
  readonly image: string;
}

/** Fills in a runner's defaults; throws a ConfigError with every fault. */
export function planRunner(request: RunnerRequest, subject: string): RunnerPlan {
  const { tags, runUntagged = false, concurrency = 1, maximumTimeout } = request;
  const faults: Fault[] = [];
  if (tags.length === 0 && !runUntagged) {
    faults.push({ path: "tags", message: "is empty", fix: "Give a tag or set runUntagged: true." });
  }
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    const message = `"${concurrency}" is not a number of jobs`;
    faults.push({ path: "concurrency", message, fix: "Give a whole number from 1." });
  }
  // https://docs.gitlab.com/ci/runners/configure_runners/#set-the-maximum-job-timeout
  if (maximumTimeout !== undefined && maximumTimeout < 600) {
    const message = `"${maximumTimeout}" is below 600 seconds`;
    faults.push({ path: "maximumTimeout", message, fix: "Give 600 or more, or leave it out." });
  }
  if (faults.length > 0) throw new ConfigError({ code: "arguments", subject, faults });
  return {
    description: request.description,
    tags,
    runUntagged,
    executor: request.executor ?? "docker",
    concurrency,
    accessLevel: request.protected ? "ref_protected" : "not_protected",
    ...(maximumTimeout !== undefined && { maximumTimeout }),
    image: request.image,
  };
}

/** What is known only once the runner is registered. */
export interface RunnerRegistration {
  /** GitLab's own address, as the runner's machine reaches it. */
  readonly url: string;
  /** The `glrt-` authentication token. */
  readonly token: string;
}

/** The runner's `config.toml`: https://docs.gitlab.com/runner/configuration/advanced-configuration/ */
export function renderRunnerConfig(plan: RunnerPlan, { url, token }: RunnerRegistration): string {
  const executors = {
    docker: {
      image: plan.image,
      pull_policy: ["always", "if-not-present"],
      privileged: false,
      volumes: ["/cache"],
    },
    kubernetes: { image: plan.image, pull_policy: ["always", "if-not-present"], privileged: false },
  };
  return stringify({
    concurrent: plan.concurrency,
    check_interval: 3,
    runners: [
      {
        name: plan.description,
        url,
        token,
        executor: plan.executor,
        limit: plan.concurrency,
        [plan.executor]: executors[plan.executor],
      },
    ],
  });
}
