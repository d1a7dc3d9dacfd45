import { describe, expect, it } from "vitest";
import { PackageGroup } from "../components/package-group.ts";
import { PackageProject } from "../components/package-project.ts";
import { readConfiguration } from "../configuration/configuration.ts";
import { example, today } from "../test/support/configuration-example.ts";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { planRunners } from "./runner-plan.ts";
import { createStackRunner } from "./runners.ts";

const image = `gitlab/gitlab-runner:v19.4.0@sha256:${"0".repeat(64)}`;
const machine = { host: "metal.example.com", user: "deploy", hostKey: "ssh-ed25519 AAAA" };
const outputs = ({ name }: Recorded) =>
  name.endsWith("-group") || name.endsWith("-project") ? { id: 7, token: "" } : { token: "glrt-1" };

function declare(runner: object, changes: object = {}) {
  const written = example({ runners: { infra: { tags: ["infra"], ...runner } }, ...changes });
  const configuration = readConfiguration(written, { today, stack: "dev" });
  const { infra } = planRunners(configuration);
  return record(() => {
    const aptly = { url: "u", aptUrl: "a", username: "ci", password: "long enough" };
    const group = new PackageGroup("packages", { path: "infra", aptly });
    const pipeline = { header: [], stages: [], jobs: [], hidden: [] };
    const ying = new PackageProject("ying", { path: "ying", namespaceId: 7, pipeline });
    if (!infra) throw new Error("no runner was planned");
    const groups = { infra: group };
    const context = { gitlabUrl: "https://gitlab.example.com", groups, projects: { ying } };
    createStackRunner("infra", infra, context);
  }, outputs);
}

const namesOf = (children: readonly Recorded[]) => children.map(({ name }) => name);

describe("a runner of the stack", () => {
  it("without host is registered and brought nowhere", async () => {
    const names = namesOf(await declare({}));
    expect(names).toContain("infra-registration");
    expect(names.filter((name) => /container|service|engine/.test(name))).toEqual([]);
  });

  it("runs in a container on the engine that is named, with the socket that its executor needs", async () => {
    const host = { docker: { engine: "ssh://deploy@docker.example.com", image } };
    const children = await declare({ host });
    expect(named(children, "infra-engine").inputs).toMatchObject({
      host: "ssh://deploy@docker.example.com",
    });
    expect(named(children, "infra-container").inputs.mounts).toHaveLength(1);
    const shell = await declare({ host, executor: "shell" });
    expect(named(shell, "infra-container").inputs.mounts).toEqual([]);
  });

  it("runs as a service on the machine that is named", async () => {
    const host = { ssh: { ...machine, privateKey: "hidden" }, graceSeconds: 60 };
    const { inputs } = named(await declare({ host }), "infra-service");
    expect(inputs.connection).toMatchObject({ ...machine, port: 22, privateKey: "hidden" });
    expect(inputs.stdin).toContain("glrt-1");
    expect(inputs.create).toContain("'60'");
  });

  it("is replaced beside its predecessor when the next period has begun", async () => {
    const rotation = { everyDays: 30, since: "2026-10-20" };
    const names = namesOf(await declare({ rotation }));
    expect(names).toContain("infra-registration-2");
  });

  it("of a single project is registered there", async () => {
    const children = await declare(
      { scope: "project", package: "ying" },
      { packages: { ying: { distributions: ["bookworm"] } } },
    );
    expect(named(children, "infra-registration").inputs).toMatchObject({
      runnerType: "project_type",
    });
  });
});
