import { devConfiguration } from "./engine-stack.ts";
import type { GitLabScene } from "./gitlab-scene.ts";

export interface Job {
  readonly id: number;
  readonly token: string;
}

const runnersKey = "trunkline:runners";

export const runnersOf = ({ sandbox }: GitLabScene) => sandbox.store.runners.all();

/** What a runner does when it asks for work; fails when there is none. */
export async function takeJob(gitlab: GitLabScene, token: string | undefined): Promise<Job> {
  const job = await gitlab.call<Job | undefined>("POST", "/jobs/request", { token });
  if (job === undefined) throw new Error("no job was waiting");
  return job;
}

export const finishJob = (gitlab: GitLabScene, { id, token }: Job) =>
  gitlab.call("PUT", `/jobs/${id}`, { token, state: "success" });

/** The dev stack's configuration with its runner in another generation: its registration is replaced. */
export async function generation(number: number): Promise<Record<string, unknown>> {
  const { [runnersKey]: runners } = await devConfiguration();
  const { infra } = runners as { infra: object };
  return { [runnersKey]: { infra: { ...infra, generation: number } } };
}
