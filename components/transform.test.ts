import type {
  ComponentResourceOptions,
  CustomResourceOptions,
  ResourceTransformationArgs,
} from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { AptRepository } from "./apt-repository.ts";
import { AptlyServer } from "./aptly-server.ts";
import { BuilderImage } from "./builder-image.ts";
import { PackageGroup } from "./package-group.ts";
import { PackageProject, type PackageProjectArgs } from "./package-project.ts";
import { Runner } from "./runner.ts";
import { RunnerHost } from "./runner-host.ts";
import { TemplateProject } from "./template-project.ts";
import { createChild, type Transform } from "./transform.ts";

const digest = `sha256:${"0".repeat(64)}`;
const pipeline = { header: [], stages: ["build"], jobs: [], hidden: [] };
const project: PackageProjectArgs = { path: "datahook", namespaceId: 7, pipeline };

type Transforms = Readonly<Record<string, Transform<object>>>;

interface Case {
  create(transform: Transforms, opts: ComponentResourceOptions): void;
  /** Names of the children, by the key of their transform. */
  readonly children: Readonly<Record<string, readonly string[]>>;
  /** An argument of the first of them. */
  readonly change: object;
}

const cases: Readonly<Record<string, Case>> = {
  AptRepository: {
    create: (transform, opts) => {
      const args = { repository: "infra", prefix: "trunk", distributions: ["bookworm", "trixie"] };
      new AptRepository("apt", { ...args, transform }, opts);
    },
    children: {
      repository: ["apt-bookworm", "apt-trixie"],
      publication: ["apt-bookworm", "apt-trixie"],
    },
    change: { comment: "ours" },
  },
  AptlyServer: {
    create: (transform, opts) => {
      const image = `registry.example.com/aptly@${digest}`;
      const args = { image, username: "ci", password: "long enough", protect: false };
      new AptlyServer("aptly", { ...args, transform }, opts);
    },
    children: {
      image: ["aptly-image"],
      data: ["aptly-data"],
      keys: ["aptly-keys"],
      run: ["aptly-run"],
      server: ["aptly-server"],
      proxy: ["aptly-proxy"],
    },
    change: { forceRemove: true },
  },
  TemplateProject: {
    create: (transform, opts) => {
      const template = { content: ".make: {}", tag: "package-v1-a" };
      const args = { group: "infra", path: "ci", namespaceId: 7, template, pipelines: {} };
      new TemplateProject("ci", { ...args, transform }, opts);
    },
    children: {
      project: ["ci-project"],
      file: ["ci-package-v1"],
      branchProtection: ["ci-default-branch"],
      tagProtection: ["ci-tags"],
      tag: ["ci-package-v1-a"],
    },
    change: { description: "ours" },
  },
  BuilderImage: {
    create: (transform, opts) => {
      const base = { codename: "bookworm", baseImage: "debian:bookworm" };
      const args = { ...base, registry: "registry.example.com", packages: ["cmake"] };
      new BuilderImage("builder", { ...args, transform }, opts);
    },
    children: { image: ["builder-image"] },
    change: { noCache: true },
  },
  PackageGroup: {
    create: (transform, opts) => {
      const aptly = { url: "u", aptUrl: "a", username: "ci", password: "long enough" };
      new PackageGroup("packages", { path: "infra", aptly, transform }, opts);
    },
    children: {
      group: ["packages-group"],
      variables: ["APTLY_URL", "APTLY_USERNAME", "APTLY_PASSWORD", "APT_URL"].map(
        (key) => `packages-${key}`,
      ),
    },
    change: { description: "ours" },
  },
  PackageProject: {
    create: (transform, opts) => {
      const more = { variables: { BUILD_TYPE: "nightly" }, schedule: { cron: "0 4 * * 1" } };
      const protectedTags = { "v*": "maintainer" } as const;
      new PackageProject("datahook", { ...project, ...more, protectedTags, transform }, opts);
    },
    children: {
      project: ["datahook-project"],
      variables: ["datahook-BUILD_TYPE"],
      pipelineFile: ["datahook-pipeline"],
      branchProtection: ["datahook-default-branch"],
      tagProtection: ["datahook-tag-v*"],
      schedule: ["datahook-schedule"],
    },
    change: { description: "ours" },
  },
  Runner: {
    create: (transform, opts) => {
      const scope = { groupId: 7 };
      const args = { description: "infra", tags: ["infra"], image: "debian:bookworm" };
      new Runner("infra", { ...args, scope, url: "https://gitlab.example.com", transform }, opts);
    },
    children: { registration: ["infra-registration"] },
    change: { maintenanceNote: "ours" },
  },
  "RunnerHost in a container": {
    create: (transform, opts) => {
      const machine = { image: `gitlab/gitlab-runner:v19.4.0@${digest}` };
      new RunnerHost("infra", { config: "token", docker: machine, transform }, opts);
    },
    children: { image: ["infra-image"], container: ["infra-container"] },
    change: { forceRemove: true },
  },
  "RunnerHost of systemd": {
    create: (transform, opts) => {
      const connection = { host: "metal.example.com", user: "deploy", hostKey: "ssh-ed25519 A" };
      new RunnerHost(
        "infra",
        { config: "token", ssh: { connection, package: {} }, transform },
        opts,
      );
    },
    children: { installation: ["infra-package"], service: ["infra-service"] },
    change: { environment: { LANG: "C" } },
  },
};

const outputs = ({ name, type }: Recorded) => ({
  imageId: digest,
  token: "glrt-token",
  ref: digest,
  ...(type.endsWith(":lintPipelines") && { refusals: [], unlinted: "" }),
  ...(type === "docker:index/volume:Volume" && { name: `${name}-volume` }),
});

/** What is declared, and the names of those whose deletion Pulumi is to refuse. */
async function run({ create }: Case, transform: Transforms) {
  const kept: string[] = [];
  const note = ({ name, opts }: ResourceTransformationArgs) =>
    void (opts.protect && kept.push(name));
  const children = await record(() => create(transform, { transformations: [note] }), outputs);
  return { children, kept };
}

describe.each(Object.entries(cases))("a transform of %s", (_component, entry) => {
  const keys = Object.keys(entry.children);

  it.each(keys)("as a function reaches the options of %s alone", async (key) => {
    const seen: string[] = [];
    const { kept } = await run(entry, {
      [key]: (_args, opts, name) => {
        opts.protect = true;
        seen.push(name);
      },
    });
    expect(kept.sort()).toEqual([...(entry.children[key] ?? [])].sort());
    expect(seen.sort()).toEqual(kept);
  });

  it("as arguments replaces those of the component, and leaves the others", async () => {
    const [key = ""] = keys;
    const [child = ""] = entry.children[key] ?? [];
    const before = named((await run(entry, {})).children, child);
    const { inputs } = named((await run(entry, { [key]: entry.change })).children, child);
    expect(inputs).toEqual({ ...before.inputs, ...entry.change });
  });

  it("is there for every child", async () => {
    const { children } = await run(entry, {});
    const resources = children.filter(({ type }) => !type.startsWith("trunkline:"));
    expect(resources.map(({ name }) => name).sort()).toEqual(
      Object.values(entry.children).flat().sort(),
    );
  });
});

describe("a transform that is a function", () => {
  const create = (transform: PackageProjectArgs["transform"]) =>
    record(
      () => void new PackageProject("datahook", { ...project, ...(transform && { transform }) }),
    );

  it("changes arguments in place", async () => {
    const children = await create({
      project: (args) => {
        args.description = `the project ${args.path}`;
      },
    });
    expect(named(children, "datahook-project").inputs.description).toBe("the project datahook");
  });

  it("may return other arguments", async () => {
    const children = await create({
      project: ({ ciSeparatedCaches: _, ...args }) => ({ ...args, topics: ["apt"] }),
    });
    const { inputs } = named(children, "datahook-project");
    expect(inputs).toMatchObject({ topics: ["apt"], defaultBranch: "main" });
    expect(inputs).not.toHaveProperty("ciSeparatedCaches");
  });
});

describe("what a new child begins with", () => {
  interface Args {
    label?: string;
    note?: string;
  }
  class Box {
    readonly args: Args;
    readonly opts: CustomResourceOptions;
    constructor(_name: string, args: Args, opts: CustomResourceOptions) {
      this.args = args;
      this.opts = opts;
    }
  }
  const create = (args: Args, transform?: Transform<Args>) =>
    createChild(Box, transform, () => ({ label: "new", note: "new" }))("box", args, {});

  it("is no reason to change one that is there", () => {
    expect(create({ label: "ours" })).toMatchObject({
      args: { label: "ours", note: "new" },
      opts: { ignoreChanges: ["note"] },
    });
  });

  it("gives way to what a transform says, as does what an option ignores", () => {
    const box = create({}, (args, opts) => {
      args.label = "theirs";
      opts.ignoreChanges = ["other"];
    });
    expect(box.args).toEqual({ label: "theirs", note: "new" });
    expect(box.opts.ignoreChanges).toEqual(["other", "note"]);
  });
});
