import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { renderRunnerConfig } from "../../runner/config-toml.ts";
import { planRunner } from "../../runner/plan.ts";
import { adaptRunnerConfig } from "./runner-config.ts";

function adapt(settings: Partial<Parameters<typeof planRunner>[0]>) {
  const request = { description: "infra", tags: ["infra"], image: "debian:trixie", ...settings };
  const registration = { url: "http://127.0.0.1:8929", token: "glrt-secret" };
  const config = renderRunnerConfig(planRunner(request, "Runner"), registration);
  return { before: parse(config), after: parse(adaptRunnerConfig(config, "helper:1")) };
}

test("containers get the machine's network and the helper image; all else stays", () => {
  const { before, after } = adapt({ concurrency: 2 });
  const docker = { network_mode: "host", helper_image: "helper:1" };
  const [runner] = before.runners as [{ docker: object }];
  const runners = [{ ...runner, docker: { ...docker, ...runner.docker } }];
  expect(after).toEqual({ ...before, runners });
});

test("what the stack says itself is kept", () => {
  const { before, after } = adapt({ docker: { networkMode: "ci", helperImage: "own:1" } });
  expect(after).toEqual(before);
});

test("a runner without containers is left alone", () => {
  const { before, after } = adapt({ executor: "shell", image: undefined });
  expect(after).toEqual(before);
});
