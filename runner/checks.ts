import type { Fault } from "../validation/config-error.ts";
import { checkAdvanced } from "./advanced.ts";
import { checkCache } from "./cache.ts";
import type { DockerSettings } from "./executors.ts";
import type { RunnerSettings } from "./settings.ts";

/** Every combination of settings that cannot work or is not safe; paths begin at the runner. */
export function checkRunner(settings: RunnerSettings, hasCacheSecret: boolean): Fault[] {
  return [
    ...checkTags(settings),
    ...checkCapacity(settings),
    ...checkWorkTrees(settings),
    ...checkEnvironment(settings),
    ...checkSections(settings),
    ...checkPullPolicies(settings),
    ...checkPrivileges(settings),
    ...checkNetwork(settings),
    ...checkCache(settings.cache, hasCacheSecret),
    ...(settings.advanced ? checkAdvanced(settings.advanced, settings.executor) : []),
  ];
}

function checkTags({ tags, runUntagged }: RunnerSettings): Fault[] {
  if (tags.length > 0 || runUntagged) return [];
  return [{ path: "tags", message: "is empty", fix: "Give a tag or set runUntagged: true." }];
}

function checkCapacity({ concurrency, limit }: RunnerSettings): Fault[] {
  if (limit === undefined || limit <= concurrency) return [];
  const message = `is ${limit}, above concurrency, ${concurrency}`;
  return [{ path: "limit", message, fix: "Raise concurrency, or lower the limit." }];
}

/** Two jobs of one project on one runner must never share a work tree. */
function checkWorkTrees(settings: RunnerSettings): Fault[] {
  const { gitStrategy, buildsPerSlot, jobsNameFolders, concurrency } = settings;
  const faults: Fault[] = [];
  if (gitStrategy === "fetch" && !buildsPerSlot) {
    const message = 'is "fetch" while jobs may share a work tree';
    faults.push({ path: "gitStrategy", message, fix: "Set buildsPerSlot: true, or use clone." });
  }
  if (jobsNameFolders && buildsPerSlot) {
    const message = "is set beside buildsPerSlot, which names the folders";
    faults.push({ path: "jobsNameFolders", message, fix: "Use one of the two." });
  } else if (jobsNameFolders && concurrency > 1) {
    const message = `lets ${concurrency} jobs name the same folder`;
    const fix = "Use buildsPerSlot instead, or set concurrency: 1.";
    faults.push({ path: "jobsNameFolders", message, fix });
  }
  return faults;
}

const ownVariables = { GIT_STRATEGY: "gitStrategy", GIT_CLONE_PATH: "buildsPerSlot" };

function checkEnvironment({ environment }: RunnerSettings): Fault[] {
  return Object.entries(ownVariables)
    .filter(([variable]) => environment[variable] !== undefined)
    .map(([variable, key]) => ({
      path: `environment.${variable}`,
      message: "has a key of its own",
      fix: `Set ${key} instead.`,
    }));
}

function checkSections({ executor, docker, kubernetes, shell }: RunnerSettings): Fault[] {
  const sections = { docker, kubernetes };
  const faults: Fault[] = Object.entries(sections)
    .filter(([name, section]) => section !== undefined && name !== executor)
    .map(([name]) => ({
      path: name,
      message: `is set but the executor is "${executor}"`,
      fix: `Remove it, or use the executor ${name}.`,
    }));
  if (shell === "pwsh" && executor !== "shell") {
    const fix = "Remove it, or use the executor shell.";
    faults.push({ path: "shell", message: `is "pwsh" but the executor is "${executor}"`, fix });
  }
  return faults;
}

function checkPullPolicies({ executor, ...sections }: RunnerSettings): Fault[] {
  if (executor === "shell") return [];
  const { pullPolicy = [], allowedPullPolicies } = sections[executor] ?? {};
  if (allowedPullPolicies === undefined) return [];
  return pullPolicy.flatMap((policy, index): Fault[] => {
    if (allowedPullPolicies.includes(policy)) return [];
    const path = `${executor}.pullPolicy[${index}]`;
    const fix = "Add it there, or remove it here.";
    return [{ path, message: `"${policy}" is not among allowedPullPolicies`, fix }];
  });
}

/** Who may push a branch must not get the rights of the machine by it. */
function checkPrivileges({ executor, protected: safe, ...sections }: RunnerSettings): Fault[] {
  if (executor === "shell" || safe) return [];
  const faults: Fault[] = [];
  const fix = "Set protected: true, so that only jobs of protected branches get them.";
  if (sections[executor]?.privileged) {
    const message = "is true on a runner that takes jobs of every branch";
    faults.push({ path: `${executor}.privileged`, message, fix });
  }
  const volumes = executor === "docker" ? socketVolumes(sections.docker) : [];
  for (const index of volumes) {
    const message = "gives the Docker engine to jobs of every branch";
    faults.push({ path: `docker.volumes[${index}]`, message, fix });
  }
  return faults;
}

function socketVolumes(docker: DockerSettings | undefined): number[] {
  return (docker?.volumes ?? []).flatMap((volume, index) =>
    /(^|\/)docker\.sock:/.test(volume) ? [index] : [],
  );
}

function checkNetwork({ docker, featureFlags }: RunnerSettings): Fault[] {
  if (docker?.networkMode === undefined || !featureFlags.FF_NETWORK_PER_BUILD) return [];
  const message = `is "${docker.networkMode}" but FF_NETWORK_PER_BUILD makes a network for each job`;
  return [{ path: "docker.networkMode", message, fix: "Use one of the two." }];
}
