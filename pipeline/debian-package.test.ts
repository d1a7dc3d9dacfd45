import { execa } from "execa";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
  pipelineVariables,
  renderPipeline,
} from "./debian-package.ts";
import { packageVariableKey } from "./variables.ts";

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
  parse(renderPipeline(debianPackagePipeline({ ...args, ...changes })));

test("every distribution compiles at once: no compile job waits for another", () => {
  const file = render();
  for (const name of ["compile_on_bookworm", "compile_on_trixie"]) {
    expect(file[name].stage ?? file[file[name].extends].stage).toBe("compile");
    expect(file[name]).not.toHaveProperty("needs");
  }
});

test("each upload waits for its own distribution only", () => {
  expect(render().upload_on_trixie).toMatchObject({
    needs: [{ job: "compile_on_trixie", artifacts: true }],
    dependencies: ["compile_on_trixie"],
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
    expect(file[name]).toMatchObject({
      needs: [{ job: "compile_for_all", artifacts: true }],
      dependencies: ["compile_for_all"],
    });
  }
});

test("it is tested on every distribution all the same", () => {
  const tests = { script: ["ctest"], reports: ["junit.xml"] };
  expect(render({ architecture: "all", tests }).test_on_trixie).toMatchObject({
    image: "r/builder-trixie:1",
    needs: [{ job: "compile_for_all", artifacts: true }],
  });
});

test("uploads happen on the default branch only, without a clone", () => {
  const upload = render()[".upload"];
  expect(upload.rules).toEqual([{ if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" }]);
  expect(upload.variables.GIT_STRATEGY).toBe("none");
  expect(upload.interruptible).toBe(false);
});

test("compile jobs have a clone each", () => {
  expect(render()[".compile"].variables.GIT_STRATEGY).toBe("clone");
});

test("a prefix with an underscore is escaped for aptly's API and plain for apt", () => {
  const file = render({ apt: { ...args.apt, prefix: "team/my_repo" } });
  expect(file.upload_on_trixie.variables.PUBLISH_SEGMENTS).toBe("team_my__repo/trixie");
  expect(file[".upload"].variables.PUBLISH_PREFIX).toBe("team/my_repo");
});

test("a runner for untagged jobs gets jobs without tags", () => {
  expect(render({ tags: [] })[".compile"]).not.toHaveProperty("tags");
});

test("arguments for cmake reach the shell as they were given", async () => {
  const unit = fc.constantFrom("'", '"', "$", "`", "\\", "!", " ", ";", "a", "é");
  const argument = fc.string({ unit, minLength: 1 });
  await fc.assert(
    fc.asyncProperty(argument, async (text) => {
      const { script } = render({ cmakeArguments: [`-D${text}`] })[".compile"];
      const call = script.find((line: string) => line.startsWith("compile_package "));
      const print = `compile_package() { printf %s "$1"; }\n${call}`;
      const { stdout } = await execa("sh", ["-c", print], { stripFinalNewline: false });
      expect(stdout).toBe(`-D${text}`);
    }),
    { numRuns: 30 },
  );
});

test("packages of the team's own are installed before compiling, others are in the image", () => {
  expect(render({ uses: ["ying"] })[".compile"].script).toContain("install_packages ying");
  expect(render()[".compile"].script.join("\n")).not.toMatch(/^install_packages\s/m);
});

describe("with tests", () => {
  const tests = { script: ["ctest --output-junit 'a b'"], reports: ["build/it's.xml"] };

  test("each distribution's packages are tested on it, in a clone of the source", () => {
    const file = render({ tests });
    expect(file.stages).toEqual(["compile", "test", "upload"]);
    expect(file.test_on_trixie).toMatchObject({
      image: "r/builder-trixie:1",
      needs: [{ job: "compile_on_trixie", artifacts: true }],
      dependencies: ["compile_on_trixie"],
    });
    expect(file[".test"].variables.GIT_STRATEGY).toBe("clone");
    expect(file[".test"].tags).toEqual(["infra"]);
  });

  test("branches and merge requests are tested too", () => {
    expect(render({ tests })[".test"]).not.toHaveProperty("rules");
    expect(render({ tests }).test_on_trixie).not.toHaveProperty("rules");
  });

  test("an upload waits for them, and takes nothing from them", () => {
    expect(render({ tests }).upload_on_trixie).toMatchObject({
      needs: [
        { job: "compile_on_trixie", artifacts: true },
        { job: "test_on_trixie", artifacts: false },
      ],
      dependencies: ["compile_on_trixie"],
    });
  });

  test("what is built once waits for the tests of every distribution", () => {
    const { upload_on_bookworm: upload } = render({ tests, architecture: "all" });
    expect(upload.needs).toEqual([
      { job: "compile_for_all", artifacts: true },
      { job: "test_on_bookworm", artifacts: false },
      { job: "test_on_trixie", artifacts: false },
    ]);
  });

  test("the report is kept, also of tests that fail", () => {
    expect(render({ tests })[".test"].artifacts).toMatchObject({
      when: "always",
      reports: { junit: ["build/it's.xml"] },
    });
  });

  test("the lines run as they are written, after what they need", () => {
    const { script } = render({ tests })[".test"];
    expect(script.slice(-3)).toEqual([
      "install_built_packages",
      "expect_reports 'build/it'\\''s.xml'",
      "ctest --output-junit 'a b'",
    ]);
  });
});

test("a package may not define a variable that the pipeline sets or reads itself", () => {
  const signed = { ...args, apt: { ...args.apt, signingKey: "A".repeat(40) } };
  const tests = { script: ["ctest"], reports: ["a.xml"] };
  const set = debianPackagePipeline({ ...signed, tests, keepVersions: 3 }).jobs.flatMap(
    ({ variables = {} }) => Object.keys(variables),
  );
  for (const key of [...set, ...pipelineVariables.map((variable) => variable.key)]) {
    expect(packageVariableKey(key), key).toBeDefined();
  }
});

describe("credentials", () => {
  test("are read from variables that are masked where they are secret", () => {
    const masked = pipelineVariables.filter((variable) => variable.masked).map(({ key }) => key);
    expect(masked).toEqual(["APTLY_PASSWORD"]);
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
