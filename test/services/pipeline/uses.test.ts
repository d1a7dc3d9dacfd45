import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readScript } from "../../../pipeline/shell.ts";
import { Machine } from "../../support/machine.ts";

const isRoot = process.getuid?.() === 0;
let folder: string;
let image: Machine;

beforeAll(async () => {
  if (!isRoot) return;
  folder = await mkdtemp(join(tmpdir(), "trunkline-machine-"));
  image = await Machine.create(folder);
});
afterAll(async () => {
  if (isRoot) await rm(folder, { recursive: true, force: true });
});

/** A builder image: it knows the vendor's repository and the team's, and has read neither. */
beforeEach(async ({ skip }) => {
  skip(!isRoot, "this user is not root, as chroot wants");
  await image.run("dpkg --purge app ying libdep");
  await image.run("rm -rf /srv/* /var/lib/apt/lists/* /etc/apt/sources.list.d/*");
  await image.write("/etc/apt/sources.list", "deb [trusted=yes] copy:/srv/vendor ./\n");
  await image.write("/etc/apt/sources.list.d/more.list", "deb [trusted=yes] copy:/srv/more ./\n");
  await publish("vendor", ["libdep", "1.0"]);
  await publish("more", ["libmore", "1.0"]);
  await publish("base", ["app", "3.0"]);
  await publish("trunk", ["ying", "1.0", "libdep"]);
  await addSource("trunkline", "trunk");
  await addSource("base", "base");
});

async function addSource(name: string, repository: string): Promise<void> {
  const source = ["Types: deb", `URIs: copy:/srv/${repository}`, "Suites: ./", "Trusted: yes"];
  await image.write(`/etc/apt/sources.list.d/${name}.sources`, `${source.join("\n")}\n`);
}

/** Adds packages (name, version, dependency) to a repository below /srv of the image. */
async function publish(repository: string, ...packages: string[][]): Promise<void> {
  const root = join(image.root, "srv", repository);
  await mkdir(root, { recursive: true });
  for (const each of packages) await buildPackage(root, each);
  const { stdout } = await execa("dpkg-scanpackages", ["--multiversion", "."], { cwd: root });
  await writeFile(join(root, "Packages"), `${stdout}\n`);
}

async function buildPackage(
  root: string,
  [name, version, depends, sources]: string[],
): Promise<void> {
  const tree = join(folder, "tree");
  await mkdir(join(tree, "DEBIAN"), { recursive: true });
  const control = [
    `Package: ${name}`,
    `Version: ${version}`,
    "Architecture: all",
    ...(depends ? [`Depends: ${depends}`] : []),
    ...(sources ? [`Trunkline-Sources: ${sources}`, "Trunkline-Built-With: yang (= 1.0)"] : []),
    "Maintainer: test <test@example.com>",
    "Description: for a test",
  ];
  await writeFile(join(tree, "DEBIAN/control"), `${control.join("\n")}\n`);
  await execa("dpkg-deb", [
    "--build",
    "--root-owner-group",
    tree,
    join(root, `${name}_${version}.deb`),
  ]);
  await rm(tree, { recursive: true });
}

/** Runs `install_packages` as a job does. */
async function install(...words: string[]) {
  return installFrom("", ...words);
}

/** The same in a job that uses packages of further sources. */
async function installFrom(sources: string, ...words: string[]) {
  const script = [
    `USED_SOURCES='${sources}'`,
    "set -e",
    "rm -rf /var/lib/apt/lists/*",
    readScript("uses"),
    `install_packages ${words.join(" ")}`,
  ];
  const { exitCode, stdout, stderr } = await image.run(script.join("\n"));
  const { stdout: installed } = await image.run(
    `dpkg-query --show --showformat='\${Package} \${Version}\n' | grep -E '^(libdep|ying|app) '`,
  );
  return { exitCode, log: `${stdout}\n${stderr}`, installed: installed.split("\n") };
}

/** Which repositories apt asked. */
const asked = (log: string) =>
  ["vendor", "more", "base", "trunk"].filter((name) =>
    new RegExp(`^(Get|Hit|Ign):\\d+ copy:/srv/${name} `, "m").test(log),
  );

describe("What a job installs of the team's own", () => {
  test("comes from the team's repository alone when the image has what it depends on", async () => {
    await image.run("dpkg --install /srv/vendor/libdep_1.0.deb");
    const { exitCode, log, installed } = await install("ying");
    expect(exitCode, log).toBe(0);
    expect(asked(log)).toEqual(["trunk"]);
    expect(installed).toEqual(["libdep 1.0", "ying 1.0"]);
  });

  test("comes with what the image lacks, and the log says how to spare that", async () => {
    const { exitCode, log, installed } = await install("ying");
    expect(exitCode, log).toBe(0);
    expect(asked(log)).toEqual(["vendor", "more", "base", "trunk"]);
    expect(log).toContain("buildDepends keeps packages in the image");
    expect(installed).toEqual(["libdep 1.0", "ying 1.0"]);
  });

  test("is the newest that is published, whatever the image read before", async () => {
    await image.run("dpkg --install /srv/vendor/libdep_1.0.deb && apt-get update");
    await publish("trunk", ["ying", "1.1", "libdep"]);
    const { log, installed } = await install("ying");
    expect(asked(log)).toEqual(["trunk"]);
    expect(installed).toContain("ying 1.1");
  });

  test("is found in an image that names the team's repository elsewhere", async () => {
    await image.run("cd /etc/apt/sources.list.d && mv trunkline.sources other.sources");
    const { exitCode, log, installed } = await install("ying");
    expect(exitCode, log).toBe(0);
    expect(asked(log)).toEqual(["vendor", "more", "base", "trunk"]);
    expect(installed).toEqual(["libdep 1.0", "ying 1.0"]);
  });

  test("may be a file, whose dependencies are found in the team's repository", async () => {
    await image.run("dpkg --install /srv/vendor/libdep_1.0.deb");
    await buildPackage(join(image.root, "srv"), ["app", "2.0", "ying"]);
    const { exitCode, log, installed } = await install("/srv/app_2.0.deb");
    expect(exitCode, log).toBe(0);
    expect(asked(log)).toEqual(["trunk"]);
    expect(installed).toEqual(["app 2.0", "libdep 1.0", "ying 1.0"]);
  });

  test("comes from a further source too, and only the sources that have it are read", async () => {
    await image.run("dpkg --install /srv/vendor/libdep_1.0.deb");
    const { exitCode, log, installed } = await installFrom("base", "ying", "app");
    expect(exitCode, log).toBe(0);
    expect(asked(log)).toEqual(["base", "trunk"]);
    expect(installed).toEqual(["app 3.0", "libdep 1.0", "ying 1.0"]);
  });

  test("is found where the image has no such source any more", async () => {
    await image.run("cd /etc/apt/sources.list.d && mv base.sources other.sources");
    const { exitCode, log, installed } = await installFrom("base", "app");
    expect(exitCode, log).toBe(0);
    expect(asked(log)).toEqual(["vendor", "more", "base", "trunk"]);
    expect(installed).toEqual(["app 3.0"]);
  });

  test("fails when no repository has it, and says what is missing", async () => {
    const { exitCode, log } = await install("yang");
    expect(exitCode).not.toBe(0);
    expect(log).toContain("Unable to locate package yang");
  });
});

describe("The revision of what a job builds", () => {
  const revisionOf = async (used: string, pack = "true") => {
    const plan = `recorded_sources=digest recorded_used='yang (= ${used})'`;
    const script = [
      "set -e",
      "rm -rf /var/lib/apt/lists/*",
      readScript("uses"),
      readScript("record"),
    ];
    script.push("apt-get update >&2", pack, plan, "list_recorded | find_revision");
    const { exitCode, stdout, stderr } = await image.run(script.join("\n"));
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };

  test.each([
    ["as it comes", "true"],
    ["packed", "gzip /var/lib/apt/lists/*_Packages"],
  ])("is found in the team's index, of every version, kept %s", async (_how, pack) => {
    await publish("trunk", ["app", "2.0", "ying", "digest"], ["app", "2.1", "ying", "other"]);
    expect(await revisionOf("1.0", pack)).toBe("1");
    expect(await revisionOf("1.1", pack)).toBe("2");
  });

  test("is found where the image names the team's repository elsewhere", async () => {
    await image.run("cd /etc/apt/sources.list.d && mv trunkline.sources other.sources");
    await publish("trunk", ["app", "2.0", "ying", "digest"]);
    expect(await revisionOf("1.1")).toBe("2");
  });
});
