import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { readConfiguration } from "../configuration/configuration.ts";
import { planBuilderImage } from "../image/builder-image.ts";
import { readScript } from "../pipeline/shell.ts";
import { mapEntries } from "../validation/entries.ts";
import { noContent, toContent } from "./archived.ts";
import { planImages } from "./images.ts";
import { planPipelines, planProject, planTemplates } from "./plan.ts";
import { planRunners } from "./runner-plan.ts";

const written = {
  group: "infra",
  registry: "registry.example.com",
  distributions: { trixie: {}, noble: { image: "registry.example.com/noble:7" }, jammy: {} },
  apt: { prefix: "trunk", repository: "infra", component: "contrib" },
  runners: { infra: { tags: ["infra"], concurrency: 2 } },
  packages: {
    ying: { distributions: ["trixie"], buildDepends: ["libfoo-dev"] },
    datahook: {
      distributions: ["noble", "trixie"],
      buildDepends: ["libfoo-dev", "libbar-dev"],
      uses: [],
      images: { noble: "registry.example.com/own:1" },
    },
  },
};

const today = new Date("2026-06-01");
const key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";

const groups = { infra: { groupId: output(1) } };

function configure(changes: object = {}) {
  return readConfiguration({ ...written, ...changes }, { today, stack: "dev" });
}

function imagesOf(changes: object = {}) {
  const tools = { always: ["curl"], cmake: ["cmake"], debian: ["debhelper"] };
  return planImages(configure(changes), { aptUrl: "https://apt.example.com/", aptKey: key }, tools);
}

describe("the builder images of a stack", () => {
  it("are one for each distribution that a package builds for without an image of its own", () => {
    expect(Object.keys(imagesOf())).toEqual(["trixie"]);
  });

  it("carry what every job and every package of the distribution needs, each once", () => {
    expect(imagesOf().trixie?.packages).toEqual(["curl", "cmake", "libfoo-dev", "libbar-dev"]);
  });

  it("carry the tools of the packages' build systems, and no others", () => {
    const ying = { distributions: ["trixie"], buildSystem: "debian" };
    expect(imagesOf({ packages: { ying } }).trixie?.packages).toEqual(["curl", "debhelper"]);
  });

  it("carry what a package that is built once needs on its first distribution only", () => {
    const ying = {
      distributions: ["trixie", "jammy"],
      architecture: "all",
      buildDepends: ["libfoo-dev"],
    };
    const { trixie, jammy } = imagesOf({ packages: { ying } });
    expect(trixie?.packages).toEqual(["curl", "cmake", "libfoo-dev"]);
    expect(jammy?.packages).toEqual(["curl"]);
  });

  it("carry what the tests of packages need", () => {
    const tests = { script: ["ctest"], reports: ["junit.xml"], depends: ["libcheck-dev"] };
    const packages = { ying: { distributions: ["trixie"], tests } };
    expect(imagesOf({ packages }).trixie?.packages).toEqual(["curl", "cmake", "libcheck-dev"]);
  });

  it("know the team's own repository", () => {
    expect(imagesOf().trixie?.source).toEqual({
      name: "trunkline",
      url: "https://apt.example.com/trunk",
      component: "contrib",
      architectures: ["amd64"],
      key,
    });
    const apt = { ...written.apt, prefix: "" };
    expect(imagesOf({ apt }).trixie?.source?.url).toBe("https://apt.example.com");
  });

  it("name the team's own repository where jobs look for it", () => {
    const [path] = /\/etc\/apt\/[\w./]+\.sources/.exec(readScript("uses")) ?? [];
    const images = Object.values(imagesOf()).map((image) => planBuilderImage(image, "an image"));
    expect(images.map(({ dockerfile }) => dockerfile)).toEqual([
      expect.stringContaining(` ${path}\nTypes: deb\n`),
    ]);
  });

  it("are the ones made elsewhere when the stack says so", () => {
    const packages = { ying: { distributions: ["trixie", "noble"] } };
    const { trixie, noble } = imagesOf({ packages, images: "existing" });
    expect(trixie?.existing).toBe("debian:trixie");
    expect(noble?.existing).toBe("registry.example.com/noble:7");
  });
});

describe("packages whose needs conflict", () => {
  const { ying, datahook } = written.packages;
  const viewer = {
    distributions: ["trixie"],
    imageGroup: "qt",
    buildDepends: ["qtbase5-dev"],
    on: {
      trixie: {
        buildDepends: ["libnew-dev"],
        cmakeArguments: ["-DNEW=ON"],
        variables: { CC: "c" },
      },
    },
  };
  const packages = { ying, datahook, viewer };

  it("have images of their own, and the others keep theirs", () => {
    const images = imagesOf({ packages });
    expect(images["trixie-qt"]?.packages).toEqual(["curl", "cmake", "qtbase5-dev", "libnew-dev"]);
    expect(images.trixie).toEqual(imagesOf().trixie);
    const tags = Object.values(images).map((each) => planBuilderImage(each, "x").tag);
    expect(tags.map((tag) => tag.replace(/:[0-9a-f]+$/, ""))).toEqual([
      "registry.example.com/builder-trixie",
      "registry.example.com/builder-trixie-qt",
    ]);
  });

  it("run their jobs in them, with what is said of the distribution", () => {
    const { viewer: pipeline } = planPipelines(configure({ packages }));
    expect(pipeline?.jobs[0]).toMatchObject({
      image: "$BUILDER_IMAGE_TRIXIE_QT",
      variables: { CODENAME: "trixie", CC: "c" },
      script: expect.arrayContaining(["compile_package '-DNEW=ON'"]),
    });
  });
});

it("installs what is used of an apt source by its name alone", () => {
  const aptSources = { base: { url: "http://apt.example.com" } };
  const uses = ["base/libyang-dev", "base/libqi-dev", "datahook"];
  const datahook = { distributions: ["trixie"] };
  const packages = { ying: { distributions: ["trixie"], uses }, datahook };
  const planned = planPipelines(configure({ aptSources, packages }));
  expect(planned.ying?.jobs[0]?.script).toContain(
    "install_packages libyang-dev libqi-dev datahook",
  );
  expect(planned.ying?.variables).toMatchObject({ USED_SOURCES: "base" });
  expect(planned.datahook?.variables).not.toHaveProperty("USED_SOURCES");
});

describe("the image of a package's jobs", () => {
  it("is its own, else the group variable of the distribution, in the package's order", () => {
    const { datahook } = planPipelines(configure());
    expect(datahook?.jobs.slice(0, 2)).toMatchObject([
      { name: "compile_on_noble", image: "registry.example.com/own:1" },
      { name: "compile_on_trixie", image: "$BUILDER_IMAGE_TRIXIE" },
    ]);
  });
});

describe("the runners of a stack", () => {
  it("give the first distribution's base image to jobs that name none", () => {
    expect(planRunners(configure()).infra).toMatchObject({
      request: { description: "infra", tags: ["infra"], concurrency: 2, image: "debian:trixie" },
      generation: 1,
      scope: "group",
    });
  });

  it("keep to the component what is its own to know", () => {
    const cache = { type: "s3", bucket: "ci", accessId: "id" };
    const written = { tags: ["infra"], cache, cacheSecret: "long enough", scope: "instance" };
    const { infra } = planRunners(configure({ runners: { infra: written } }));
    expect(infra).toMatchObject({ cacheSecret: "long enough", scope: "instance" });
    expect(infra?.request).not.toHaveProperty("cacheSecret");
    expect(infra?.request).not.toHaveProperty("generation");
  });
});

describe("a package's project in an existing group", () => {
  it("has the variables that the group would have, since nothing of the group is changed", () => {
    const configuration = configure({
      group: { path: "infra", existing: true, variables: { REGION: "eu", TEAM: "ours" } },
      variables: { REGION: "any", PROXY: "http://proxy" },
      packages: {
        ying: { distributions: ["trixie"], tags: ["infra"], variables: { TEAM: "ying" } },
      },
    });
    const pipelines = planPipelines(configuration);
    const given = { groups, pipelines, templates: {}, access: {}, users: {} };
    const { variables } = planProject(configuration, "ying", given);
    expect(variables).toMatchObject({
      REGION: [{ value: "eu" }],
      PROXY: [{ value: "http://proxy" }],
      TEAM: [{ value: "ying" }],
    });
  });
});

describe("a package's project", () => {
  it("lets the runners of a scope in only when the stack declares one that serves it", () => {
    const runners = {
      group: { tags: ["infra"] },
      instance: { tags: ["big"], scope: "instance" },
    };
    const packages = {
      ying: { distributions: ["trixie"], tags: ["infra"] },
      yang: { distributions: ["trixie"], tags: ["big"] },
    };
    const configuration = configure({ runners, packages });
    const given = {
      groups,
      pipelines: planPipelines(configuration),
      templates: {},
      access: {},
      users: {},
    };
    expect(planProject(configuration, "ying", given)).toMatchObject({
      instanceRunners: undefined,
      groupRunners: true,
    });
    expect(planProject(configuration, "yang", given)).toMatchObject({
      instanceRunners: true,
      groupRunners: undefined,
    });
  });
});

describe("an archived package", () => {
  const { ying, datahook } = written.packages;
  const archived = { ...datahook, archived: true, variables: { NEW: "x" } };
  const configuration = configure({ packages: { ying, datahook: archived } });
  const pipelines = planPipelines(configuration);
  const given = { groups, pipelines, templates: {}, access: {}, users: {} };

  it("is built nowhere, and lints nothing", () => {
    expect(planImages(configuration, { aptUrl: "https://apt.example.com", aptKey: key })).toEqual({
      trixie: expect.objectContaining({ packages: expect.not.arrayContaining(["libbar-dev"]) }),
    });
    const { ci } = planTemplates(configuration, given);
    expect(Object.keys(ci?.pipelines ?? {})).toEqual(["infra/ying"]);
  });

  it("has in its project what the last update declared, and is a project alone before one", () => {
    const content = {
      pipeline: true,
      defaultBranch: "main",
      variables: ["OLD", "WHERE@review/*", "WHERE@production"],
      schedules: { "": [], nightly: ["DEPTH"] },
      branches: ["main", "release/*"],
      tags: ["v*"],
      members: ["mara"],
    };
    const before = {
      packages: { "infra/datahook": { key: "datahook", protect: true, content } },
      distributions: {},
      groups: {},
    };
    const kept = planProject(configuration, "datahook", { ...given, before });
    expect(kept.archived).toBe(true);
    expect(toContent(kept)).toEqual(content);
    const fresh = planProject(configuration, "datahook", given);
    expect(fresh.archived).toBe(true);
    expect(toContent(fresh)).toEqual(noContent);
  });
});

describe("the template project", () => {
  const planned = (changes: object) => {
    const configuration = configure(changes);
    const pipelines = planPipelines(configuration);
    const { ci } = planTemplates(configuration, { groups, pipelines });
    return { ci, pipelines };
  };

  it("is one of the group, whose newest state every pipeline includes", () => {
    const { ci, pipelines } = planned({});
    expect(ci).toMatchObject({ group: "infra", path: "ci", visibility: "private" });
    expect(Object.keys(ci?.pipelines ?? {})).toEqual(["infra/ying", "infra/datahook"]);
    expect(pipelines.ying?.template).toEqual({ project: "infra/ci", ref: "main" });
  });

  it("can be pinned to a state, for all packages and for one", () => {
    const { ying, datahook } = written.packages;
    const packages = { ying: { ...ying, ci: { ref: "package-v1-b" } }, datahook };
    const { pipelines } = planned({ ci: { project: "shell", ref: "package-v1-a" }, packages });
    expect(pipelines.ying?.template).toEqual({ project: "infra/shell", ref: "package-v1-b" });
    expect(pipelines.datahook?.template).toEqual({ project: "infra/shell", ref: "package-v1-a" });
  });

  it("is seen by everyone who sees a package that includes it", () => {
    const configuration = configure();
    const visibilityFor = (changes: object) => {
      const packages = mapEntries(configuration.packages, (name, entry) =>
        name === "ying" ? { ...entry, ...changes } : entry,
      );
      const given = { groups, pipelines: planPipelines(configuration) };
      return planTemplates({ ...configuration, packages }, given).ci?.visibility;
    };
    expect(visibilityFor({ visibility: "public" })).toBe("public");
    expect(visibilityFor({ visibility: "public", pipeline: "inline" })).toBe("private");
  });

  it("stays for branches that were cut before, when every pipeline carries its shell itself", () => {
    const { ci, pipelines } = planned({ pipeline: "inline" });
    expect(ci).toMatchObject({ path: "ci", pipelines: {} });
    expect(pipelines.ying?.template).toBeUndefined();
  });
});
