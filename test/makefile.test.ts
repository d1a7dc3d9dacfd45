import { chmod, cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { repository } from "../toolchain/paths.ts";

interface Checkout {
  cwd: string;
  env: Record<string, string>;
}

const files = [
  "Makefile",
  "package.json",
  "package-lock.json",
  "sandbox/package.json",
  "toolchain/foreign-variables.txt",
  "toolchain/provide-node.sh",
];

/** Installs a node into the folder of `--prefix`, and says under which node it does the rest. */
const fetchingNpm = `#!/bin/sh
mkdir -p node_modules
echo "$1 under $(command -v node)"
[ $1 = install ] || exit 0
mkdir -p "$3/node_modules/.bin"
printf '#!/bin/sh\necho v24.21.0\n' >"$3/node_modules/.bin/node"
chmod +x "$3/node_modules/.bin/node"
`;

/** A folder with the Makefile, and programs that only print in place of npm and node. */
async function checkout(nodeVersion = "v20.19.2"): Promise<Checkout> {
  const cwd = await mkdtemp(join(tmpdir(), "trunkline-make-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  for (const file of files) {
    await cp(join(repository, file), join(cwd, file));
  }
  const programs = {
    npm: "mkdir -p node_modules; echo added 431 packages",
    node: `[ $1 != --version ] || exec echo ${nodeVersion}; echo "export GITLAB_TOKEN='secret'"`,
  };
  for (const [name, command] of Object.entries(programs)) {
    await writeFile(join(cwd, name), `#!/bin/sh\n${command}\n`);
    await chmod(join(cwd, name), 0o755);
  }
  return { cwd, env: { PATH: [cwd, process.env.PATH].join(delimiter) } };
}

test("make env prints nothing but what a shell evaluates, also when it installs packages first", async () => {
  const { stdout, stderr } = await execa("make", ["-s", "env"], await checkout());
  expect(stdout).toBe("export GITLAB_TOKEN='secret'");
  expect(stderr).toContain("added 431 packages");
});

test.each(["v18.20.4", "v20.18.1", "v22.11.0"])(
  "under Node.js %s npm ci runs under a newer one",
  async (version) => {
    const { cwd, env } = await checkout(version);
    await writeFile(join(cwd, "npm"), fetchingNpm);
    const options = { cwd, env: { ...env, TRUNKLINE_TOOLCHAIN_DIR: join(cwd, "tools") } };
    const { stderr } = await execa("make", ["-s", "env"], options);
    expect(stderr).toContain(`ci under ${join(cwd, "tools/node/node_modules/.bin/node")}`);
  },
);

test("a Node.js that is too old is refused in one sentence, with its version and the one needed", async () => {
  const { stderr } = await execa("make", ["env"], {
    ...(await checkout("v12.22.9")),
    reject: false,
  });
  expect(stderr).toMatch(/^make: node v12\.22\.9 in \S+ is too old\. Install Node\.js 18 or newer/);
  expect(stderr).not.toContain("npm ci");
});

test.each(["node", "npm"])("a machine without %s is told what to install", async (missing) => {
  const { cwd } = await checkout();
  await rm(join(cwd, missing));
  for (const tool of ["sh", "make"]) await symlink(`/usr/bin/${tool}`, join(cwd, tool));
  const options = { cwd, env: { PATH: cwd }, reject: false };
  const { stderr } = await execa("/usr/bin/make", ["env"], options);
  expect(stderr).toContain(`make: ${missing} is not on PATH. Install Node.js 18`);
});

/** What shells export, each of which once changed what is installed or run. */
const hostile = {
  NODE_ENV: "production",
  NODE_OPTIONS: "--require /nowhere.js",
  npm_config_omit: "dev",
  NPM_CONFIG_IGNORE_SCRIPTS: "true",
  GIT_DIR: "/nowhere",
  PULUMI_STACK: "prod",
  DESTDIR: "/nowhere",
  CDPATH: "/nowhere",
  LANG: "de_DE.UTF-8",
  LC_ALL: "de_DE.UTF-8",
};

test("what the shell exports does not reach npm and node, but for what the machine needs", async () => {
  const { cwd, env } = await checkout();
  const names = [...Object.keys(hostile), "npm_config_registry", "https_proxy"];
  const report = `for name in ${names.join(" ")}; do eval "echo $name=\\$$name"; done`;
  await writeFile(join(cwd, "npm"), `#!/bin/sh\nmkdir -p node_modules\necho "$@"\n${report}\n`);
  const kept = { npm_config_registry: "http://registry", https_proxy: "http://proxy" };
  const options = { cwd, env: { ...env, ...hostile, ...kept } };
  const { stderr } = await execa("make", ["-s", "env"], options);
  expect(stderr).toContain("--include=dev");
  const given = Object.fromEntries(stderr.split("\n").map((line) => line.split("=", 2)));
  const empty = Object.keys(hostile).map((name) => [name, ""]);
  expect(given).toMatchObject({ ...Object.fromEntries(empty), LC_ALL: "C.UTF-8", ...kept });
});

test("a package that the shell names is not the one that make was asked for", async () => {
  const { cwd, env } = await checkout();
  const run = async (...words: string[]) => {
    const options = { cwd, env: { ...env, PACKAGE: "other", RUNNER: "1" } };
    const { stdout } = await execa("make", ["-n", "pipeline", ...words], options);
    return /pipeline\.ts.*/.exec(stdout)?.[0].trimEnd();
  };
  expect(await run()).toBe("pipeline.ts");
  expect(await run("PACKAGE=ying", "RUNNER=1")).toBe("pipeline.ts ying --on-runners");
});
