import { execa } from "execa";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
  renderPipeline,
} from "./debian-package.ts";
import { resolveJobs } from "./resolve.ts";
import { packageVariableKey, pipelineVariables } from "./variables.ts";

const args: DebianPackagePipelineArgs = {
  package: "datahook",
  targets: [
    { codename: "bookworm", image: "r/builder-bookworm:1" },
    { codename: "trixie", image: "r/builder-trixie:1" },
  ],
  tags: ["infra"],
  installPrefix: "/opt/trunk30",
  apt: { prefix: "trunk", repository: "infra", component: "main", architectures: ["amd64"] },
  origin: "a test",
};

const render = (changes: Partial<DebianPackagePipelineArgs> = {}) =>
  parse(renderPipeline(debianPackagePipeline({ ...args, ...changes })), { logLevel: "error" });

/** A job with what it extends. */
function jobOf(name: string, changes: Partial<DebianPackagePipelineArgs> = {}) {
  const jobs = resolveJobs(debianPackagePipeline({ ...args, ...changes }));
  const job = jobs.find((each) => each.name === name);
  if (!job) throw new Error(`there is no job ${name}`);
  return job;
}

test("every distribution compiles at once: no compile job waits for another", () => {
  const file = render();
  for (const name of ["compile_on_bookworm", "compile_on_trixie"]) {
    expect(file[name].stage ?? file[file[name].extends].stage).toBe("compile");
    expect(file[name]).not.toHaveProperty("needs");
  }
});

test("each upload waits for its own distribution only", () => {
  expect(render().upload_on_trixie).toMatchObject({
    needs: ["compile_on_trixie"],
    resource_group: "apt/trunk/trixie",
  });
});

test("what is the same everywhere is compiled once, on the first distribution, and every upload waits for it", () => {
  const file = render({ architecture: "all" });
  const compileJobs = Object.keys(file).filter((name) => name.startsWith("compile_"));
  expect(compileJobs).toEqual(["compile_for_all"]);
  expect(file.compile_for_all).toMatchObject({
    image: "r/builder-bookworm:1",
    variables: { CODENAME: "" },
  });
  for (const name of ["upload_on_bookworm", "upload_on_trixie"]) {
    expect(file[name]).toMatchObject({ needs: ["compile_for_all"] });
  }
});

test("it is tested on every distribution all the same", () => {
  const tests = { script: ["ctest"], reports: ["junit.xml"] };
  expect(render({ architecture: "all", tests }).test_on_trixie).toMatchObject({
    image: "r/builder-trixie:1",
    needs: ["compile_for_all"],
  });
});

test("uploads happen on the default branch only, without a clone", () => {
  const upload = jobOf("upload_on_trixie");
  expect(upload.rules).toEqual([
    { if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", when: "on_success" },
  ]);
  expect(upload.variables?.GIT_STRATEGY).toBe("none");
  expect(upload.interruptible).toBe(false);
});

test("compile jobs have a clone each", () => {
  expect(jobOf("compile_on_trixie").variables?.GIT_STRATEGY).toBe("clone");
});

test("a prefix with an underscore is escaped for aptly's API and plain for apt", () => {
  const file = render({ apt: { ...args.apt, prefix: "team/my_repo" } });
  expect(file.upload_on_trixie.variables.PUBLISH_SEGMENTS).toBe("team_my__repo/trixie");
  expect(file.variables.PUBLISH_PREFIX).toBe("team/my_repo");
});

test("a runner for untagged jobs gets jobs without tags", () => {
  expect(render({ tags: [] }).compile_on_trixie).not.toHaveProperty("tags");
});

test("arguments for cmake reach the shell as they were given", async () => {
  const unit = fc.constantFrom("'", '"', "$", "`", "\\", "!", " ", ";", "a", "é");
  const argument = fc.string({ unit, minLength: 1 });
  await fc.assert(
    fc.asyncProperty(argument, async (text) => {
      const { script } = render({ cmakeArguments: [`-D${text}`] }).compile_on_trixie;
      const call = script.find((line: string) => line.startsWith("compile_package "));
      const print = `compile_package() { printf %s "$1"; }\n${call}`;
      const { stdout } = await execa("sh", ["-c", print], { stripFinalNewline: false });
      expect(stdout).toBe(`-D${text}`);
    }),
    { numRuns: 30 },
  );
});

test("cmake gets a variable's value as one word, and an empty one ends the job", async () => {
  const { script } = render({
    cmakeVariables: { BUILD_NUMBER: "CI_PIPELINE_IID" },
  }).compile_on_trixie;
  const call = script.find((line: string) => line.startsWith("compile_package "));
  const print = `compile_package() { printf '<%s>' "$@"; }\n${call}`;
  const run = (value: string) =>
    execa("sh", ["-c", print], { env: { CI_PIPELINE_IID: value }, reject: false });
  expect((await run('7 * `id` $(id) "a"')).stdout).toBe('<-DBUILD_NUMBER=7 * `id` $(id) "a">');
  expect(await run("")).toMatchObject({ failed: true, stdout: "" });
});

test("a folder of the source is named for all jobs, the root by nothing", () => {
  expect(render({ sourceFolder: "apps/hook" }).variables.SOURCE_FOLDER).toBe("apps/hook");
  expect(render().variables).not.toHaveProperty("SOURCE_FOLDER");
});

test("packages of the team's own are installed before compiling, others are in the image", () => {
  expect(render({ uses: ["ying"] }).compile_on_trixie.script).toContain("install_packages ying");
  expect(render().compile_on_trixie.script.join("\n")).not.toMatch(/^install_packages\s/m);
});

describe("with tests", () => {
  const tests = { script: ["ctest --output-junit 'a b'"], reports: ["build/it's.xml"] };

  test("each distribution's packages are tested on it, in a clone of the source", () => {
    const file = render({ tests });
    expect(file.stages).toEqual(["compile", "test", "upload"]);
    expect(file.test_on_trixie).toMatchObject({
      image: "r/builder-trixie:1",
      needs: ["compile_on_trixie"],
      tags: ["infra"],
    });
    expect(jobOf("test_on_trixie", { tests }).variables?.GIT_STRATEGY).toBe("clone");
  });

  test("branches and merge requests are tested too", () => {
    expect(jobOf("test_on_trixie", { tests })).not.toHaveProperty("rules");
  });

  test("an upload waits for them, and takes nothing from them", () => {
    expect(render({ tests }).upload_on_trixie).toMatchObject({
      needs: ["compile_on_trixie", { job: "test_on_trixie", artifacts: false }],
    });
  });

  test("what is built once waits for the tests of every distribution", () => {
    const { upload_on_bookworm: upload } = render({ tests, architecture: "all" });
    expect(upload.needs).toEqual([
      "compile_for_all",
      { job: "test_on_bookworm", artifacts: false },
      { job: "test_on_trixie", artifacts: false },
    ]);
  });

  test("groups of packages are tested apart, and an upload waits for all of them", () => {
    const groups = { plain: ["hook", "hook-data"], lite: ["hook-lite"] };
    const file = render({ tests: { ...tests, groups } });
    expect(file.test_on_trixie_plain.variables).toEqual({
      CODENAME: "trixie",
      TESTED_GROUP: "plain",
      TESTED_PACKAGES: "hook hook-data",
      GROUPED_PACKAGES: "hook hook-data hook-lite",
    });
    expect(file.test_on_trixie_lite.variables.TESTED_PACKAGES).toBe("hook-lite");
    expect(file.upload_on_trixie.needs).toEqual([
      "compile_on_trixie",
      { job: "test_on_trixie_plain", artifacts: false },
      { job: "test_on_trixie_lite", artifacts: false },
    ]);
  });

  test("the report is kept, also of tests that fail", () => {
    for (const name of ["test_on_bookworm", "test_on_trixie"]) {
      expect(jobOf(name, { tests }).artifacts).toMatchObject({
        when: "always",
        reports: { junit: ["build/it's.xml"] },
      });
    }
  });

  test("the lines run as they are written, after what they need", () => {
    const { beforeScript, script } = jobOf("test_on_trixie", { tests });
    expect(beforeScript?.at(-1)).toBe("install_built_packages");
    expect(script).toEqual(["expect_reports 'build/it'\\''s.xml'", "ctest --output-junit 'a b'"]);
  });
});

test("a package may not define a variable that the pipeline sets or reads itself", () => {
  const signed = { ...args, apt: { ...args.apt, signingKey: "A".repeat(40) } };
  const tests = { script: ["ctest"], reports: ["a.xml"] };
  const pipeline = debianPackagePipeline({ ...signed, tests, keepVersions: 3 });
  const set = [pipeline, ...resolveJobs(pipeline)].flatMap(({ variables = {} }) =>
    Object.keys(variables),
  );
  for (const key of [...set, ...Object.keys(pipelineVariables)]) {
    expect(packageVariableKey(key), key).toBeDefined();
    expect(Object.keys(pipelineVariables), key).toContain(key);
  }
});

describe("credentials", () => {
  test("are read from variables that are masked where they are secret", () => {
    const masked = Object.entries(pipelineVariables).filter(([, each]) => "masked" in each);
    expect(masked.map(([key]) => key)).toEqual(["APTLY_PASSWORD"]);
  });

  test("are on no command line", () => {
    const text = renderPipeline(debianPackagePipeline(args));
    expect(text).not.toMatch(/curl[^\n|]*(--user|-u) /);
    expect(text).not.toMatch(/curl[^\n|]*APTLY_PASSWORD/);
  });
});

test("the same distribution twice is refused", () => {
  const [target] = args.targets;
  const targets = target === undefined ? [] : [target, target];
  expect(() => debianPackagePipeline({ ...args, targets })).toThrow(
    expect.objectContaining({ code: "pipeline" }),
  );
});

describe("jobs of a package's own", () => {
  test("come from its .gitlab/package.yml where it is there, and from further files", () => {
    const include = [{ local: "ci/docs.yml" }];
    const template = { project: "infra/ci", ref: "main" };
    expect(render({ include, template }).include).toEqual([
      { local: ".gitlab/package.yml", rules: [{ exists: [".gitlab/package.yml"] }] },
      { local: "ci/docs.yml" },
      { project: "infra/ci", file: "package-v1.yml", ref: "main" },
    ]);
  });

  test("run in stages of their own, where the package declares them", () => {
    const stages = ["lint", "compile", "upload", "announce"];
    expect(render({ stages }).stages).toEqual(stages);
  });

  test("cannot let a failure of ours pass, also where they name our jobs", () => {
    const tests = { script: ["ctest"], reports: ["a.xml"] };
    for (const [name, job] of Object.entries(render({ tests }))) {
      if (!/_on_/.test(name)) continue;
      expect(job, name).toMatchObject({ allow_failure: false });
    }
  });
});

test("two distributions with tests take at most 80 lines, and none of them is shell", () => {
  const tests = {
    script: ["cmake -Stest -Btested", "ctest --test-dir tested"],
    reports: ["a.xml"],
  };
  const template = { project: "infra/ci", ref: "main" };
  const text = renderPipeline(debianPackagePipeline({ ...args, tests, template, uses: ["ying"] }));
  expect(text.split("\n").length - 1).toBeLessThanOrEqual(80);
  expect(text).not.toContain("|");
});
