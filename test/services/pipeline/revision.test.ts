import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { readManifest } from "../../../pipeline/handoff.ts";
import { readScript } from "../../../pipeline/shell.ts";
import { repository } from "../../../toolchain/paths.ts";
import { createJobDirectory, type JobDirectory } from "../../support/pipeline-job.ts";

let job: JobDirectory;
let index: string;

/** A clone of a package's source with one commit, and what a machine has of the team's packages. */
beforeEach(async () => {
  job = await createJobDirectory(
    debianPackagePipeline({
      package: "datahook",
      targets: [{ codename: "bookworm", image: "none" }],
      tags: [],
      installPrefix: "/opt/trunk30",
      uses: ["yang", "ying"],
      apt: { prefix: "", repository: "infra", component: "main", architectures: ["amd64"] },
      origin: "a test",
    }),
  );
  index = join(job.path, "Packages");
  await writeFile(index, "");
  await rm(join(job.path, "tools/git"));
  await symlink("/usr/bin/git", join(job.path, "tools/git"));
  await addTool("apt-get", `[ "$1" != indextargets ] || echo '${index}'`);
  await addTool("cmake", cmake);
  await haveInstalled("1.0");
  await execa("git", ["init", "--quiet", job.path]);
  await commit("main.cpp", "a");
});
afterEach(() => job.remove());

async function addTool(name: string, lines: string): Promise<void> {
  await writeFile(join(job.path, "tools", name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
}

/** Stands for CMake and CPack: configuring leaves a package with the version's release, the rest nothing. */
const cmake = `
for word in "$@"; do
  case $word in -DCPACK_DEBIAN_PACKAGE_RELEASE=*) release=\${word#*=} ;; esac
done
[ -n "\${release:-}" ] || exit 0
[ -z "\${OLD_DPKG:-}" ] || SOURCE_DATE_EPOCH=1
mkdir -p tree/DEBIAN
printf '%s\\n' 'Package: datahook' "Version: \${VERSION:-1.0}-$release" 'Architecture: amd64' \\
  'Maintainer: test <test@example.com>' 'Description: for a test' >tree/DEBIAN/control
printf '#!/bin/sh\\n' >tree/DEBIAN/postinst
chmod 755 tree/DEBIAN/postinst
cat ../main.cpp >tree/content
dpkg-deb --root-owner-group --build tree datahook.deb >/dev/null
rm -r tree`;

/** The version of ying that is installed; yang's stays. */
async function haveInstalled(version: string): Promise<void> {
  const rows = [
    ["ying", version, "installed", ""],
    ["libyang2", "2.0", "installed", "libyang, yang (= 2.0)"],
    ["yang", "1.0", "config-files", ""],
    ["zlib1g", "1.3", "installed", "libz1"],
  ];
  const list = rows.map((row) => `${row.join("\t")}\n`).join("");
  await addTool("dpkg-query", `cat <<'end'\n${list}end`);
}

async function commit(file: string, text: string): Promise<void> {
  const git = (...words: string[]) => execa("git", ["-C", job.path, ...words]);
  await mkdir(join(job.path, "docs"), { recursive: true });
  await writeFile(join(job.path, file), text);
  await git("add", file);
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  await git(...who, "commit", "--quiet", "--message", "x");
}

const file = () => join(job.path, "packages", "datahook.deb");

async function compile(variables: Record<string, string> = {}) {
  const { exitCode, log } = await job.runWithoutCompiler("compile_on_bookworm", variables);
  expect(exitCode, log).toBe(0);
  const [entry] = readManifest(await readFile(join(job.path, "packages/manifest"), "utf8"));
  if (!entry) throw new Error("the job built no package");
  await execa("cp", [join(job.path, "packages", entry.file), file()]);
  return { version: entry.version, sha256: entry.sha256, log };
}

/** Puts the package that was built last into the published index. */
async function publish(): Promise<void> {
  const { stdout } = await execa("dpkg-deb", ["--field", file()]);
  await writeFile(index, `${await readFile(index, "utf8")}${stdout}\n\n`);
}

const field = async (name: string) => (await execa("dpkg-deb", ["--field", file(), name])).stdout;

describe("What a package is built from", () => {
  it("stands in its control file, and all else is as it was built", async () => {
    await compile();
    expect(await field("Trunkline-Sources")).toMatch(/^[0-9a-f]{64}$/);
    expect(await field("Trunkline-Built-With")).toBe("libyang2 (= 2.0), ying (= 1.0)");
    expect(await field("Trunkline-Revision")).toBe("1");
    const built = join(job.path, "build/datahook.deb");
    for (const part of ["--fsys-tarfile", "--contents"]) {
      const [before, after] = await Promise.all(
        [built, file()].map((path) => execa("dpkg-deb", [part, path], { encoding: "buffer" })),
      );
      expect(after?.stdout).toEqual(before?.stdout);
    }
    const { stdout: control } = await execa("dpkg-deb", ["--field", file()]);
    expect(control.split("\n").map((line) => line.replace(/:.*/, ""))).toEqual([
      "Package",
      "Trunkline-Sources",
      "Trunkline-Built-With",
      "Trunkline-Revision",
      "Version",
      "Architecture",
      "Maintainer",
      "Description",
    ]);
    const { stdout } = await execa("sh", ["-c", `dpkg-deb --ctrl-tarfile '${file()}' | tar -tv`]);
    expect(stdout).toMatch(/^-rwxr-xr-x 0\/0 .* \.\/postinst$/m);
  });

  it("has the same bytes, also packed again, whatever the jobs' variables tell tools", async () => {
    const plain = await compile({ OLD_DPKG: "1" });
    await mkdir(join(job.path, "elsewhere/packages"), { recursive: true });
    const hostile = {
      CDPATH: join(job.path, "elsewhere"),
      TAR_OPTIONS: "--verbose --mode=a-x",
      XZ_OPT: "-0",
      GZIP: "--fast",
    };
    expect((await compile({ OLD_DPKG: "1", ...hostile })).sha256).toBe(plain.sha256);
  });

  it("is not changed by documentation and pipeline, and by all else", async () => {
    const sources = async () => {
      await compile();
      return field("Trunkline-Sources");
    };
    const first = await sources();
    for (const path of ["README", "readme.MD", "docs/main.cpp", ".gitlab-ci.yml"]) {
      await commit(path, "text");
      expect(await sources(), path).toBe(first);
    }
    await commit("CMakeLists.txt", "text");
    expect(await sources()).not.toBe(first);
  });
});

describe("A rebuild", () => {
  it("has the same revision and bytes when it was built with the same", async () => {
    const { version, sha256 } = await compile();
    expect(version).toBe("1.0-1~bookworm");
    await publish();
    expect(await compile()).toMatchObject({ version, sha256 });
  });

  it("gets the next revision when a package that it uses is another, and keeps it", async () => {
    await compile();
    await publish();
    await haveInstalled("1.1");
    const second = await compile();
    expect(second.version).toBe("1.0-1+r2~bookworm");
    expect(await field("Trunkline-Revision")).toBe("2");
    await publish();
    expect(await compile()).toMatchObject({ version: second.version, sha256: second.sha256 });
    await haveInstalled("1.2");
    expect((await compile()).version).toBe("1.0-1+r3~bookworm");
    await haveInstalled("1.0");
    expect((await compile()).version).toBe("1.0-1~bookworm");
  });

  it("counts on after the ninth", async () => {
    await compile();
    for (const revision of ["9", "10"]) {
      const text = await execa("dpkg-deb", ["--field", file()]);
      const other = text.stdout
        .replace("Revision: 1", `Revision: ${revision}`)
        .replace("ying (= 1.0)", `ying (= 0.${revision})`);
      await writeFile(index, `${await readFile(index, "utf8")}${other}\n\n`);
    }
    expect((await compile()).version).toBe("1.0-1+r11~bookworm");
  });

  it("has the first revision when its sources changed", async () => {
    await compile();
    await publish();
    await haveInstalled("1.1");
    await commit("main.cpp", "b");
    expect((await compile({ VERSION: "1.1" })).version).toBe("1.1-1~bookworm");
  });

  it("fails when the build does not take the revision into its version", async () => {
    await compile();
    await publish();
    await haveInstalled("1.1");
    await addTool("cmake", cmake.replace("-$release", "-1~bookworm"));
    const { exitCode, log } = await job.runWithoutCompiler("compile_on_bookworm");
    expect(log).toContain("does not end in +r2~bookworm: let the build take it from");
    expect(exitCode).toBe(1);
  });

  it.each([
    ["1.0-1+r2~bookworm", "gt", "1.0-1~bookworm"],
    ["1.0-1+r10~bookworm", "gt", "1.0-1+r9~bookworm"],
    ["1.0-1+r2~bookworm", "lt", "1.0-2~bookworm"],
    ["1.0-1+r2", "lt", "1.0-2"],
  ])("is for Debian in its place: %s is %s %s", async (left, relation, right) => {
    await execa("dpkg", ["--compare-versions", left, relation, right]);
  });
});

describe("The changelog that packaging in debian/ is built with", () => {
  it.each([
    ["bookworm", "", "1.1.0~bookworm"],
    ["bookworm", "+r2", "1.1.0+r2~bookworm"],
    ["", "+r2", "1.1.0+r2"],
  ])("begins, for %j with the revision %j, with %s", async (codename, suffix, version) => {
    const packaging = join(repository, "examples/hookrate/debian");
    await cp(packaging, join(job.path, "debian"), { recursive: true });
    const script = ["set -e", readScript("compile-debian"), "add_changelog_entry"];
    const env = { CODENAME: codename, revision_suffix: suffix, SOURCE_DATE_EPOCH: "1600000000" };
    await execa("sh", ["-c", script.join("\n")], { cwd: job.path, env });
    const { stdout } = await execa("dpkg-parsechangelog", ["--show-field", "Version"], {
      cwd: job.path,
    });
    expect(stdout).toBe(version);
  });
});
