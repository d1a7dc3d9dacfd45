import * as docker from "@pulumi/docker";
import { type ComponentResourceOptions, type Resource, secret } from "@pulumi/pulumi";
import type { PackageProject } from "../components/package-project.ts";
import { Runner, type RunnerScope } from "../components/runner.ts";
import { RunnerHost, type SshMachine } from "../components/runner-host.ts";
import { type Groups, groupOf } from "./groups.ts";
import type { PlannedRunner } from "./runner-plan.ts";

/** What a stack's runners refer to. */
export interface StackRunnerContext {
  readonly gitlabUrl: string;
  readonly groups: Groups;
  /** By package. */
  readonly projects: Readonly<Record<string, PackageProject>>;
}

/** A runner of the stack's configuration, and its process where the configuration names a host. */
export interface StackRunner {
  readonly runner: Runner;
  readonly host: RunnerHost | undefined;
  /** Both, as far as they are there. */
  readonly members: readonly Resource[];
}

export function createStackRunner(
  name: string,
  planned: PlannedRunner,
  context: StackRunnerContext,
): StackRunner {
  const { request, generation, cacheSecret } = planned;
  const runner = new Runner(name, {
    ...request,
    generation,
    cacheSecret: cacheSecret && secret(cacheSecret),
    scope: toScope(planned, context),
    url: context.gitlabUrl,
  });
  const host = createHost(name, planned, runner);
  return { runner, host, members: host ? [runner, host] : [runner] };
}

function toScope(planned: PlannedRunner, { groups, projects }: StackRunnerContext): RunnerScope {
  if (planned.scope === "instance") return { instance: true };
  if (planned.scope === "group") return { groupId: groupOf(groups, planned).groupId };
  const served = projects[planned.package ?? ""];
  if (!served) throw new Error(`the check let a runner of "${planned.package}" through`);
  return { projectId: served.nodes.project.id.apply(Number) };
}

function createHost(name: string, { host, request }: PlannedRunner, runner: Runner) {
  const common = { config: runner.config, ...(host && { graceSeconds: host.graceSeconds }) };
  if (host?.docker) {
    const { engine, image, ports } = host.docker;
    const socket = request.executor === "docker";
    const machine = { image, ports, socket };
    return new RunnerHost(name, { ...common, docker: machine }, engineOptions(name, engine));
  }
  return host?.ssh && new RunnerHost(name, { ...common, ssh: toMachine(host.ssh) });
}

function engineOptions(name: string, engine: string | undefined): ComponentResourceOptions {
  if (engine === undefined) return {};
  return { providers: [new docker.Provider(`${name}-engine`, { host: engine })] };
}

type PlannedMachine = NonNullable<NonNullable<PlannedRunner["host"]>["ssh"]>;

function toMachine({ sudo, package: wanted, privateKey, ...rest }: PlannedMachine): SshMachine {
  const connection = { ...rest, ...(privateKey && { privateKey: secret(privateKey) }) };
  return { connection, sudo, ...(wanted && { package: wanted }) };
}
