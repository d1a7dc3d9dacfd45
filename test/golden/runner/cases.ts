import { join } from "node:path";
import { type RunnerRegistration, renderRunnerConfig } from "../../../runner/config-toml.ts";
import { planRunner, type RunnerRequest } from "../../../runner/plan.ts";
import { listCases } from "../case-names.ts";

/** One folder beside this file: `input.ts` and the `config.toml` that must come of it. */
export interface Case {
  readonly name: string;
  readonly request: RunnerRequest;
  /** Path of the agreed file. */
  readonly golden: string;
  readonly rendered: string;
}

export async function readCases(): Promise<Case[]> {
  return Promise.all(listCases(import.meta.dirname).map(readCase));
}

async function readCase(name: string): Promise<Case> {
  const { request, cacheSecret }: { request: RunnerRequest; cacheSecret?: string } = await import(
    `./${name}/input.ts`
  );
  const registration: RunnerRegistration = {
    url: "https://gitlab.example.com",
    token: "glrt-example",
    cacheSecret,
  };
  const plan = planRunner({ ...request, hasCacheSecret: cacheSecret !== undefined }, name);
  const golden = join(import.meta.dirname, name, "config.toml");
  return { name, request, golden, rendered: renderRunnerConfig(plan, registration) };
}
