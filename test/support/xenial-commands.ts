import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { findCommand } from "../../toolchain/debian-packages.ts";

/** A command of xenial, and the words that it does not know yet by the release that brought each. */
interface OldCommand {
  readonly version: string;
  /** Where the releases are to be read. */
  readonly source: string;
  /** Patterns of a shell's `case`, by release. */
  readonly refused: Readonly<Record<string, string>>;
}

/** Versions: https://packages.ubuntu.com/xenial/ */
const commands: Readonly<Record<string, OldCommand>> = {
  curl: {
    version: "7.47.0",
    source: "https://curl.se/docs/options-in-versions.html",
    refused: {
      "7.52.0": "--retry-connrefused|--fail-early",
      "7.66.0": "--parallel|-Z",
      "7.67.0": "--no-progress-meter",
      "7.71.0": "--retry-all-errors",
      "7.73.0": "--output-dir",
      "7.75.0": "*%{errormsg}*|*%{exitcode}*",
      "7.76.0": "--fail-with-body",
      "7.82.0": "--json",
      "7.84.0": "*%header{*|--rate",
      "7.87.0": "--url-query",
    },
  },
  git: {
    version: "2.7.4",
    source: "https://github.com/git/git/tree/master/Documentation/RelNotes",
    refused: {
      "2.11": "--deepen|--deepen=*|--shallow-since=*|--shallow-exclude=*",
      "2.15": "--is-shallow-repository",
      "2.19": "--filter=*",
      "2.23": "switch|restore",
      "2.28": "--initial-branch=*",
      "2.31": "--path-format=*|--config-env=*",
    },
  },
  jq: {
    version: "1.5",
    source: "https://github.com/jqlang/jq/blob/master/NEWS.md",
    refused: {
      "1.6": "--args|--jsonargs|--rawfile|*halt_error*|*walk(*|*@base64d*",
      "1.7": "--raw-output0|*pick(*|*have_literal_numbers*",
      "1.8": "*toarray*",
    },
  },
  "dpkg-deb": {
    version: "1.18.4",
    source: "https://manpages.debian.org/dpkg-deb (since dpkg ...)",
    refused: { "1.19.0": "--root-owner-group", "1.21.9": "--threads-max=*", "1.21.18": "-Zzstd" },
  },
  "dpkg-buildpackage": {
    version: "1.18.4",
    source: "https://manpages.debian.org/dpkg-buildpackage (since dpkg ...)",
    refused: {
      "1.18.5": "--build=*",
      "1.18.8": "--unsigned-source|--unsigned-changes|--post-clean|--host-arch",
      "1.18.20": "--no-sign",
      "1.20.0": "--sanitize-env",
      "1.22.7": "--no-post-clean",
    },
  },
  "dpkg-parsechangelog": {
    version: "1.18.4",
    source: "https://manpages.debian.org/dpkg-parsechangelog (since dpkg ...)",
    refused: { "1.19.1": "--reverse" },
  },
  "apt-get": {
    version: "1.2",
    source: "https://salsa.debian.org/apt-team/apt/-/blob/main/debian/changelog",
    refused: { "1.9.0": "satisfy", "1.9.1": "reinstall", "2.1.14": "--error-on=*" },
  },
  cp: gnu("coreutils 8.25", { "9.2": "--debug", "9.3": "--update=*" }),
  date: gnu("coreutils 8.25", { "8.26": "--rfc-email", "9.5": "--resolution" }),
  env: gnu("coreutils 8.25", { "8.28": "--chdir=*|-C", "8.30": "-S|--split-string=*|-v|--debug" }),
  sha256sum: gnu("coreutils 8.25", { "8.26": "--zero|-z" }),
  wc: gnu("coreutils 8.25", { "9.2": "--total=*" }),
  find: gnu("findutils 4.6.0", { "4.9.0": "-files0-from" }),
  sed: gnu("sed 4.2.2", { "4.3": "--sandbox", "4.6": "--debug" }),
  tar: gnu("tar 1.28", { "1.29": "--clamp-mtime", "1.31": "--zstd" }),
};

function gnu(version: string, refused: Readonly<Record<string, string>>): OldCommand {
  const [name] = version.split(" ");
  return { version, source: `https://git.savannah.gnu.org/cgit/${name}.git/tree/NEWS`, refused };
}

/**
 * A folder for the front of `PATH`, until the test is over: each command refuses what xenial's does
 * not know and names itself, and leaves the rest to the machine's, as well as what other programs than
 * a shell ask for: they are of the machine's own release. Commands that are not here are left out.
 */
export async function createXenialCommands(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-xenial-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, command] of Object.entries(commands)) {
    const real = await findCommand(name, process.env.PATH ?? "");
    if (real === undefined) continue;
    await writeFile(join(folder, name), render(name, real, command), { mode: 0o755 });
  }
  return folder;
}

function render(name: string, real: string, { version, source, refused }: OldCommand): string {
  const cases = Object.entries(refused).map(
    ([release, words]) => `    ${words}) refuse "$word" ${release} ;;`,
  );
  return `#!/bin/sh
# ${source}
refuse() {
  echo "xenial's ${name} (${version}) does not know $1, which came with $2" >&2
  exit 97
}
case $(cat "/proc/$PPID/comm") in
  sh | dash | bash) ;;
  *) exec ${real} "$@" ;;
esac
for word; do
  case $word in
${cases.join("\n")}
  esac
done
exec ${real} "$@"
`;
}
