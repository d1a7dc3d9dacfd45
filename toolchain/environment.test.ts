import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { describe, expect, onTestFinished, test } from "vitest";
import { toSettledEnvironment } from "./environment.ts";
import { repository } from "./paths.ts";

describe("The environment of a command", () => {
  test.each([
    ["NODE_ENV", "production"],
    ["NODE_OPTIONS", "--inspect"],
    ["npm_config_omit", "dev"],
    ["NPM_CONFIG_OMIT", "dev"],
    ["GIT_WORK_TREE", "/elsewhere"],
    ["GIT_AUTHOR_DATE", "2001-01-01"],
    ["PULUMI_CONFIG_PASSPHRASE", "another"],
    ["PULUMI_HOME", "/elsewhere"],
    ["GITLAB_TOKEN", "of a real server"],
    ["APTLY_URL", "https://apt.example.com/api"],
    ["CI", "true"],
    ["DOCKER_HOST", "ssh://build.example.com"],
    ["DOCKER_CONTEXT", "remote"],
    ["BUILDX_BUILDER", "other"],
    ["GOARCH", "arm64"],
    ["GOFLAGS", "-mod=mod"],
    ["CFLAGS", "-m32"],
    ["SOURCE_DATE_EPOCH", "1"],
    ["LANGUAGE", "de"],
    ["TAR_OPTIONS", "--verbose"],
    ["CDPATH", "/elsewhere"],
    ["MAKEFLAGS", "-k"],
  ])("has no %s of the shell's", (name, value) => {
    expect(toSettledEnvironment({ [name]: value })).not.toHaveProperty(name);
  });

  test.each([
    ["HOME", "/root"],
    ["TRUNKLINE_APTLY_PORT", "8183"],
    ["npm_config_registry", "https://npm.example.com"],
    ["GOPROXY", "https://go.example.com"],
    ["NODE_EXTRA_CA_CERTS", "/etc/ssl/company.pem"],
    ["SSL_CERT_DIR", "/etc/ssl/certs"],
    ["GIT_SSL_CAINFO", "/etc/ssl/company.pem"],
    ["APT_CONFIG", "/etc/apt/company.conf"],
    ["DOCKER_HOST", "unix:///run/user/1000/docker.sock"],
    ["PIP_INDEX_URL", "https://pypi.example.com"],
    ["NO_COLOR", "1"],
    ["OF_ANOTHER_SYSTEM", "1"],
  ])("takes %s from the shell", (name, value) => {
    expect(toSettledEnvironment({ [name]: value })).toMatchObject({ [name]: value });
  });

  test("says what programs print in, and what git reads", () => {
    const given = { LANG: "de_DE.UTF-8", LC_ALL: "de_DE.UTF-8", GIT_CONFIG_GLOBAL: "/elsewhere" };
    expect(toSettledEnvironment(given)).toMatchObject({
      LC_ALL: "C.UTF-8",
      GIT_CONFIG_GLOBAL: "/dev/null",
    });
  });

  test("reaches this machine's services past a proxy, and others as the shell says", () => {
    const proxy = { https_proxy: "http://proxy.example.com:3128" };
    const exceptions = "registry.example.com,127.0.0.1,localhost";
    const given = { ...proxy, NO_PROXY: "registry.example.com" };
    const expected = { ...proxy, no_proxy: exceptions, NO_PROXY: exceptions };
    expect(toSettledEnvironment(given)).toMatchObject(expected);
    expect(toSettledEnvironment({})).not.toHaveProperty("no_proxy");
  });
});

/** They start nothing and read no variable, or are for servers that the shell names. */
const withoutIt = ["configuration/accept-documentation.ts", "adopt/main.ts"];

describe("Every command settles its environment first:", () => {
  const commands = ["Makefile", "package.json"]
    .flatMap((file) => [...read(file).matchAll(/\bnode (\S+\.ts)\b/g)])
    .map(([, file = ""]) => file)
    .filter((file) => !withoutIt.includes(file));
  test.each(["vitest.config.ts", ...new Set(commands)])("%s", (file) => {
    expect(read(file)).toMatch(/^import "[./]+(\/toolchain)?\/settled-environment\.ts";\n/);
  });

  test("and nothing else takes the environment of its process as a whole", () => {
    const folders =
      "{adopt,aptly-server,components,configuration,image,pipeline,plugins,runner,sandbox,stack,toolchain,validation}";
    const sources = globSync(`${folders}/**/*.ts`, { cwd: repository });
    const own = sources.filter((file) => !/\.test\.ts$|node_modules/.test(file));
    const takers = own.filter((file) => /\.\.\.process\.env|\benv: process\.env/.test(read(file)));
    // A service of the sandbox, whose commands have settled it.
    expect(takers).toEqual(["sandbox/services/background-process.ts"]);
  });
});

test("what a command runs gets the same in a shell that exports much", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-environment-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ["npm", "vitest"]) {
    const script = "#!/bin/sh\numask\nenv | grep -v -e ^_= -e ^SHLVL= -e ^PWD= | sort\n";
    await writeFile(join(folder, name), script, { mode: 0o755 });
  }
  const run = async (shell: Record<string, string>, umask: string) => {
    const env = { PATH: [folder, process.env.PATH].join(delimiter), ...shell };
    const line = `umask ${umask}; exec '${process.execPath}' '${join(repository, "test/main.ts")}'`;
    return (await execa("sh", ["-c", line], { env, extendEnv: false })).stdout;
  };
  const quiet = await run({}, "022");
  expect(quiet).toContain("LC_ALL=C.UTF-8");
  const hostile = {
    NODE_ENV: "production",
    NODE_PATH: "/nowhere",
    GIT_DIR: "/nowhere",
    PULUMI_STACK: "prod",
    GITLAB_TOKEN: "of a real server",
    DOCKER_HOST: "ssh://build.example.com",
    LANGUAGE: "de",
    TZ: "Asia/Shanghai",
  };
  expect(await run(hostile, "077")).toBe(quiet);
});

function read(file: string): string {
  return readFileSync(join(repository, file), "utf8");
}
