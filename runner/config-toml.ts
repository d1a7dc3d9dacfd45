import { stringify } from "smol-toml";
import { renderCache } from "./cache.ts";
import { compact } from "./compact.ts";
import { docker, kubernetes } from "./executors.ts";
import type { RunnerPlan } from "./plan.ts";

/** What is known only once the runner is registered. */
export interface RunnerRegistration {
  /** GitLab's own address, as the runner's machine reaches it. */
  readonly url: string;
  /** The `glrt-` authentication token. */
  readonly token: string;
  /** The secret of `cache.accessId`: S3 secret key, Google private key or Azure account key. */
  readonly cacheSecret?: string | undefined;
}

/**
 * A folder for each job that can run at the same time. The token's part is in it because a new and an
 * old generation number their jobs alike while both have some.
 * https://docs.gitlab.com/ci/runners/configure_runners/#handling-concurrency
 */
const slotFolder = "$CI_BUILDS_DIR/$CI_RUNNER_SHORT_TOKEN/$CI_CONCURRENT_ID/$CI_PROJECT_PATH";

/** The runner's `config.toml`: https://docs.gitlab.com/runner/configuration/advanced-configuration/ */
export function renderRunnerConfig(plan: RunnerPlan, registration: RunnerRegistration): string {
  return stringify(
    compact({
      concurrent: plan.concurrency,
      check_interval: plan.checkInterval,
      log_level: plan.logLevel,
      log_format: plan.logFormat,
      listen_address: plan.listenAddress,
      shutdown_timeout: plan.shutdownTimeout,
      ...plan.advanced?.global,
      session_server: plan.sessionServer && renderSessionServer(plan.sessionServer),
      runners: [renderRunner(plan, registration)],
    }),
  );
}

function renderSessionServer(server: NonNullable<RunnerPlan["sessionServer"]>): object {
  return compact({
    listen_address: server.listenAddress,
    advertise_address: server.advertiseAddress,
    session_timeout: server.sessionTimeout,
  });
}

function renderRunner(plan: RunnerPlan, { url, token, cacheSecret }: RunnerRegistration): object {
  const { featureFlags, cache } = plan;
  return compact({
    name: plan.description,
    url,
    token,
    executor: plan.executor,
    limit: plan.limit ?? plan.concurrency,
    request_concurrency: plan.requestConcurrency,
    output_limit: plan.outputLimit,
    shell: plan.shell,
    builds_dir: plan.buildsFolder,
    clone_url: plan.cloneUrl,
    environment: renderEnvironment(plan),
    ...plan.advanced?.runners,
    custom_build_dir: { enabled: plan.buildsPerSlot || plan.jobsNameFolders },
    feature_flags: Object.keys(featureFlags).length > 0 ? featureFlags : undefined,
    cache: cache && renderCache(cache, cacheSecret),
    ...renderExecutor(plan),
  });
}

function renderEnvironment(plan: RunnerPlan): string[] {
  const variables = {
    GIT_STRATEGY: plan.gitStrategy,
    ...(plan.buildsPerSlot && { GIT_CLONE_PATH: slotFolder }),
    ...plan.environment,
  };
  return Object.entries(variables).map(([key, value]) => `${key}=${value}`);
}

function renderExecutor(plan: RunnerPlan): object {
  switch (plan.executor) {
    case "docker":
      return { docker: renderDocker(plan) };
    case "kubernetes":
      return { kubernetes: renderKubernetes(plan) };
    case "shell":
      return {};
  }
}

function renderDocker({ image, advanced, ...plan }: RunnerPlan): object {
  const settings = plan.docker ?? docker.parse({});
  return compact({
    ...renderContainers(settings, image),
    volumes: settings.volumes,
    extra_hosts: settings.extraHosts,
    network_mode: settings.networkMode,
    memory: settings.memory,
    cpus: settings.cpus,
    ...advanced?.docker,
  });
}

function renderKubernetes({ image, advanced, ...plan }: RunnerPlan): object {
  const settings = plan.kubernetes ?? kubernetes.parse({});
  return compact({
    ...renderContainers(settings, image),
    namespace: settings.namespace,
    service_account: settings.serviceAccount,
    image_pull_secrets: settings.imagePullSecrets,
    node_selector: settings.nodeSelector,
    cpu_request: settings.cpuRequest,
    cpu_limit: settings.cpuLimit,
    memory_request: settings.memoryRequest,
    memory_limit: settings.memoryLimit,
    ...advanced?.kubernetes,
  });
}

type ContainerSettings = Pick<
  NonNullable<RunnerPlan["docker"]>,
  | "pullPolicy"
  | "allowedPullPolicies"
  | "allowedImages"
  | "allowedServices"
  | "privileged"
  | "helperImage"
>;

function renderContainers(settings: ContainerSettings, image: string | undefined): object {
  return {
    image,
    pull_policy: settings.pullPolicy,
    allowed_pull_policies: settings.allowedPullPolicies,
    allowed_images: settings.allowedImages,
    allowed_services: settings.allowedServices,
    privileged: settings.privileged,
    helper_image: settings.helperImage,
  };
}
