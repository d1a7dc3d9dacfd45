import { expect, test } from "vitest";
import { planRunners } from "../stack/runner-plan.ts";
import { example, faultsOf, today } from "../test/support/configuration-example.ts";
import { readConfiguration } from "./configuration.ts";

const packages = { ying: { distributions: ["bookworm"], tags: ["shared"] } };

test("a runner that others registered serves packages, and nothing is planned for it", () => {
  const runners = { shared: { existing: true, tags: ["shared", "big"], scope: "instance" } };
  const configuration = readConfiguration(example({ runners, packages }), { today, stack: "dev" });
  expect(planRunners(configuration)).toEqual({});
});

test.each([
  [{ existing: true }, "tags", "is missing"],
  [{ existing: true, tags: [] }, "tags", "is missing"],
  [
    { existing: true, tags: ["shared"], concurrency: 2 },
    "concurrency",
    "is a setting of a runner that others registered",
  ],
  [{ existing: true, tags: ["shared"], host: { ssh: {} } }, "host.ssh.host", "is missing"],
])("%j is told what does not go with it", (shared, key, message) => {
  const faults = faultsOf(
    example({ runners: { shared, infra: { tags: ["infra", "shared"] } }, packages }),
  );
  expect(faults).toContainEqual(
    expect.objectContaining({ path: `trunkline:runners.shared.${key}`, message }),
  );
});
