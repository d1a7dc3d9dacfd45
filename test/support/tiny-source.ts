import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Files by path. */
export type Files = Readonly<Record<string, string>>;

/** What a CMake package of one file says, with `lines` before it includes CPack. */
export function tinyCMake(...lines: readonly string[]): string {
  return [
    "cmake_minimum_required(VERSION 3.5...4.0)",
    "project(tiny NONE)",
    "install(FILES data.txt DESTINATION share/tiny)",
    "set(CPACK_GENERATOR DEB)",
    "set(CPACK_PACKAGE_NAME tiny)",
    "set(CPACK_PACKAGE_VERSION 1.0)",
    'set(CPACK_PACKAGE_CONTACT "test <test@example.com>")',
    ...lines,
    "include(CPack)\n",
  ].join("\n");
}

/** A package with Meson in `debian/`, of one file that Meson writes. */
export const tinyMeson: Files = {
  "meson.build": [
    "project('tiny', version: '1.0', meson_version: '>=0.45')",
    "configure_file(input: 'data.txt.in', output: 'data.txt', configuration: {'version': meson.project_version()},",
    "  install_dir: get_option('datadir') / 'tiny')\n",
  ].join("\n"),
  "data.txt.in": "tiny @version@\n",
  "debian/rules": "#!/usr/bin/make -f\n%:\n\tdh $@ --buildsystem=meson\n",
  "debian/source/format": "3.0 (native)\n",
  "debian/changelog":
    "tiny (1.0) unstable; urgency=medium\n\n  * First.\n\n -- test <test@example.com>  Mon, 12 Jan 2026 10:00:00 +0000\n",
  "debian/control": [
    "Source: tiny",
    "Section: misc",
    "Priority: optional",
    "Maintainer: test <test@example.com>",
    "Build-Depends: debhelper-compat (= 13), meson",
    "Rules-Requires-Root: no",
    "",
    "Package: tiny",
    "Architecture: any",
    `Depends: \${misc:Depends}`,
    "Description: for a test\n",
  ].join("\n"),
};

/** A folder with these files, until the test is over. */
export async function writeSource(files: Files): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-source-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: path.endsWith("debian/rules") ? 0o755 : 0o644 });
  }
  return folder;
}
