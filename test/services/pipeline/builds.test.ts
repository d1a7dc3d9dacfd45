import { beforeEach, expect, it, onTestFinished } from "vitest";
import type { DebianPackagePipelineArgs } from "../../../pipeline/debian-package.ts";
import type { Variables } from "../../../pipeline/model.ts";
import { findMissingCommands, startBuild } from "../../support/example-build.ts";
import { type Files, tinyCMake, tinyMeson, writeSource } from "../../support/tiny-source.ts";

const missing = await findMissingCommands(["cmake", "ninja", "meson", "dh", "ccache"]);
const file = "tiny_1.0-1~bookworm_amd64.deb";
const data = { "data.txt": "data\n" };

beforeEach(({ skip }) => skip(missing.length > 0, `needs ${missing.join(", ")}`));

/** Every job's folder has a space in its path. */
async function build(
  files: Files,
  changes: Partial<DebianPackagePipelineArgs> = {},
  variables: Variables = {},
) {
  const started = await startBuild(await writeSource(files), "tiny", changes);
  onTestFinished(started.remove);
  const { exitCode, log } = await started.compile(variables);
  const names = exitCode === 0 ? Object.keys(await started.packages()) : [];
  return { ...started, exitCode, log, names };
}

it.each<[string, Partial<DebianPackagePipelineArgs>, Variables]>([
  ["an argument", { cmakeArguments: ["-GNinja"] }, {}],
  ["CMAKE_GENERATOR", {}, { CMAKE_GENERATOR: "Ninja" }],
  ["an argument for several configurations", { cmakeArguments: ["-GNinja Multi-Config"] }, {}],
])("builds with Ninja, chosen by %s", async (_case, changes, variables) => {
  const { names, log } = await build(
    { ...data, "CMakeLists.txt": tinyCMake() },
    changes,
    variables,
  );
  expect(names, log).toEqual([file]);
  expect(log).not.toMatch(/make\[\d\]/);
});

it.each([
  ["CPACK_PACKAGE_DIRECTORY", [`set(CPACK_PACKAGE_DIRECTORY "\${CMAKE_SOURCE_DIR}/out")`]],
  ["CPACK_OUTPUT_FILE_PREFIX", ["set(CPACK_OUTPUT_FILE_PREFIX packages-here)"]],
  [
    "a file for each generator",
    [
      `file(WRITE "\${CMAKE_BINARY_DIR}/own.cmake" "set(CPACK_PACKAGE_DIRECTORY /nowhere)\\nset(CPACK_DEBIAN_PACKAGE_SECTION own)")`,
      `set(CPACK_PROJECT_CONFIG_FILE "\${CMAKE_BINARY_DIR}/own.cmake")`,
    ],
  ],
])("takes packages that the source sends elsewhere, by %s", async (_case, lines) => {
  const { names, log, describe } = await build({ ...data, "CMakeLists.txt": tinyCMake(...lines) });
  expect(names, log).toEqual([file]);
  const section = lines.length > 1 ? "own" : "devel";
  expect(await describe("--field", file, "Section")).toBe(section);
});

it.each([
  ["release", ["set(CPACK_DEBIAN_PACKAGE_RELEASE 3)"], "1.0-3~bookworm"],
  ["epoch", ["set(CPACK_DEBIAN_PACKAGE_EPOCH 2)"], "2:1.0-1~bookworm"],
  ["version", ["set(CPACK_DEBIAN_PACKAGE_VERSION 1.1)"], "1.1-1~bookworm"],
])("keeps a %s of the source's own", async (_case, lines, version) => {
  const { names, log, describe } = await build({ ...data, "CMakeLists.txt": tinyCMake(...lines) });
  expect(names, log).toHaveLength(1);
  expect(await describe("--field", names[0] ?? "", "Version")).toBe(version);
});

it("builds with a preset, in the job's own folder", async () => {
  const preset = { name: "ci", generator: "Ninja", binaryDir: `\${sourceDir}/out` };
  const presets = { version: 3, configurePresets: [preset] };
  const { names, log } = await build(
    { ...data, "CMakeLists.txt": tinyCMake(), "CMakePresets.json": JSON.stringify(presets) },
    { cmakeArguments: ["--preset=ci"] },
  );
  expect(names, log).toEqual([file]);
});

it("builds what a folder of the source has", async () => {
  const files = { "apps/tiny/CMakeLists.txt": tinyCMake(), "apps/tiny/data.txt": "data\n" };
  const { names, log } = await build(files, { sourceFolder: "apps/tiny" });
  expect(names, log).toEqual([file]);
});

it("gives cmake a value of the pipeline", async () => {
  const files = { ...data, "CMakeLists.txt": tinyCMake(`set(CPACK_PACKAGE_VERSION 1.\${NUMBER})`) };
  const changes = { cmakeVariables: { NUMBER: "CI_PIPELINE_IID" } };
  const { names, log } = await build(files, changes, { CI_PIPELINE_IID: "41" });
  expect(names, log).toEqual(["tiny_1.41-1~bookworm_amd64.deb"]);
  const without = await build(files, changes);
  expect(without.log).toContain("CI_PIPELINE_IID");
  expect(without.exitCode).not.toBe(0);
});

it("takes several packages of one source, whose names have + and .", async () => {
  const lines = [
    "install(FILES data.txt DESTINATION share/other COMPONENT lib++)",
    "set(CPACK_DEB_COMPONENT_INSTALL ON)",
    "set(CPACK_DEBIAN_UNSPECIFIED_PACKAGE_NAME tiny1.0)",
    "set(CPACK_DEBIAN_LIB++_PACKAGE_NAME libtiny++1.0)",
  ];
  const { names, log } = await build({ ...data, "CMakeLists.txt": tinyCMake(...lines) });
  expect(names, log).toEqual([
    "libtiny++1.0_1.0-1~bookworm_amd64.deb",
    "tiny1.0_1.0-1~bookworm_amd64.deb",
  ]);
});

it.each([undefined, "packaging/tiny"])(
  "builds with Meson through debian/ in %s",
  async (sourceFolder) => {
    const files = Object.entries(tinyMeson).map(([path, text]) => [
      [sourceFolder, path].filter(Boolean).join("/"),
      text,
    ]);
    const changes = { buildSystem: "debian", sourceFolder } as const;
    const { names, log, describe } = await build(Object.fromEntries(files), changes);
    expect(names, log).toEqual(["tiny_1.0~bookworm_amd64.deb"]);
    expect(await describe("--contents", names[0] ?? "")).toContain("./usr/share/tiny/data.txt");
  },
);

it("takes the package of a target that the source made itself", async () => {
  const own = [
    "cmake_minimum_required(VERSION 3.5...4.0)",
    "project(tiny NONE)",
    `add_custom_target(package COMMAND dpkg-deb --build \${CMAKE_SOURCE_DIR}/tree \${TO})\n`,
  ].join("\n");
  const control =
    "Package: tiny\nVersion: 1.0-1~bookworm\nArchitecture: amd64\nMaintainer: t <t@example.com>\nDescription: t\n";
  const files = { "CMakeLists.txt": own, "tree/DEBIAN/control": control };
  const inside = await build(files, { cmakeArguments: ["-DTO=x.deb"] });
  expect(inside.names, inside.log).toEqual([file]);
  const beside = await build(files, { cmakeArguments: ["-DTO=../out.deb"] });
  expect(beside.log).toContain("left no build/*.deb. Packages are in  ./out.deb: let the build");
  expect(beside.exitCode).toBe(1);
});

it("says what a build left that made no package", async () => {
  const { exitCode, log } = await build({
    "CMakeLists.txt":
      "cmake_minimum_required(VERSION 3.5...4.0)\nproject(tiny NONE)\nadd_custom_target(package)\n",
  });
  expect(log).toMatch(/left no build\/\*\.deb\. It has: \.\/CMakeCache\.txt .*Is CPack included/);
  expect(exitCode).toBe(1);
});
