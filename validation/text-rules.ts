/** Why a text is refused; the value's own quoting is part of the message. */
export interface Refusal {
  readonly message: string;
  readonly fix: string;
}

/** Answers undefined for a text that is as it should be. */
export type TextRule = (value: string) => Refusal | undefined;

function pattern(regex: RegExp, kind: string, fix: string): TextRule {
  return (value) => (regex.test(value) ? undefined : { message: `"${value}" is not ${kind}`, fix });
}

/** https://www.debian.org/doc/debian-policy/ch-controlfields.html#source */
export const debianPackageName = pattern(
  /^[a-z0-9][a-z0-9+.-]+$/,
  "a Debian package name",
  "Use at least two of a-z, 0-9, +, - and ., beginning with a letter or digit.",
);

export const debianArchitecture = pattern(
  /^[a-z0-9]+(-[a-z0-9]+)*$/,
  "a Debian architecture",
  "Use a name that dpkg-architecture -L prints, for example amd64 or arm64.",
);

export const codename = pattern(
  /^[a-z][a-z0-9-]*$/,
  "a codename",
  "Use the release's codename in lower case, for example bookworm.",
);

/** One word in aptly: a local repository's name or a component. */
export const aptlyName = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  "a name that aptly's API can address",
  "Use letters, digits, ., _ and -, beginning with a letter or digit.",
);

/** aptly reads `/_` of a prefix back as `_/`, so no part of it begins with `_`. */
export const aptlyPrefix = pattern(
  /^((s3|swift|azure|gcs|filesystem):[A-Za-z0-9][A-Za-z0-9._-]*:)?(|[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*)$/,
  "a publish prefix",
  'Use names of letters, digits, ., _ and - joined by /, or "" for the root; an endpoint of aptly stands before it as s3:name: or filesystem:name:.',
);

/** Names a file of sources.list.d. */
export const aptSourceName = pattern(
  /^[a-z0-9]+(-[a-z0-9]+)*$/,
  "a name of an apt source here",
  "Use a-z, 0-9 and single dashes.",
);

/** https://wiki.debian.org/DebianRepository/Format#Suite */
export const suite = pattern(
  /^(\.\/|[A-Za-z0-9][A-Za-z0-9._+-]*(\/[A-Za-z0-9._+-]+)*\/?)$/,
  "a suite",
  "Write what follows the address in sources.list, for example bookworm-updates.",
);

/** https://wiki.debian.org/DebianRepository/Format#Components */
export const component = pattern(
  /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  "a component",
  "Write what follows the suite in sources.list, for example universe.",
);

/** Dates of this form sort as texts do. */
export const snapshotDate = pattern(
  /^[0-9]{4}-[0-9]{2}(-[0-9]{2}([.-][0-9]+)?)?$/,
  "the date of a snapshot",
  "Write year, month and, where you like, day, between quotes: 2026-11-28.",
);

/** A package of this stack, or of an apt source: `<source>/<package>`. */
export const usedPackage = pattern(
  /^([a-z0-9]+(-[a-z0-9]+)*\/)?[a-z0-9][a-z0-9+.-]+$/,
  "a package",
  "Write the name of a package of this stack, or <source>/<package> for one of an apt source.",
);

/** The whole fingerprint: short ids can be forged (https://evil32.com). */
export const keyFingerprint = pattern(
  /^[0-9A-F]{40}$/,
  "a key's fingerprint",
  "Give all 40 digits in capitals without spaces, as gpg --list-keys --with-colons prints them.",
);

const host = "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?";
const imagePath = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*";

export const registry = pattern(
  new RegExp(`^${host}(/${imagePath})?$`),
  "a registry",
  "Write host[:port][/path] without https://, for example registry.example.com/infra.",
);

/** https://github.com/distribution/reference (grammar of a reference). */
export const imageReference = pattern(
  new RegExp(
    `^(${host}/)?${imagePath}(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$`,
  ),
  "an image reference",
  "Write [host[:port]/]name[:tag][@sha256:digest], for example debian:bookworm.",
);

export const absolutePath = pattern(
  /^(\/[A-Za-z0-9._+-]+)+$/,
  "an absolute path",
  "Begin with /, without spaces or a trailing slash, for example /opt/trunk30.",
);

/** https://docs.gitlab.com/ci/variables/#define-a-cicd-variable-in-the-ui */
export const variableKey = pattern(
  /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
  "a variable's name",
  "Use letters, digits and _, beginning with a letter or _.",
);

/** What GitLab stores, which is more than a shell can name. https://docs.gitlab.com/api/project_level_variables/ */
export const storedVariableKey = pattern(
  /^[A-Za-z0-9_]{1,255}$/,
  "a variable's name",
  "Use letters, digits and _.",
);

/** https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable */
export const environmentScope = pattern(
  /^[A-Za-z0-9_/${}. *-]{1,255}$/,
  "an environment scope",
  "Write an environment's name, with * for any part of it: review/*.",
);

export const runnerTag = pattern(
  /^[^\s,]+$/,
  "a runner tag",
  "Use a word without spaces or commas.",
);

/** https://docs.gitlab.com/user/reserved_names/#limitations-on-usernames-project-and-group-names */
export const username = pattern(
  /^[A-Za-z0-9_.][A-Za-z0-9_.-]*$/,
  "a user name of GitLab",
  "Give what follows the @ in GitLab, letters, digits, _, . and -.",
);

export const runnerName = pattern(
  /^[a-z0-9]+(-[a-z0-9]+)*$/,
  "a runner's name here",
  "Use a-z, 0-9 and single dashes.",
);

/** https://docs.gitlab.com/runner/configuration/feature-flags/ */
export const featureFlag = pattern(
  /^FF_[A-Z0-9_]+$/,
  "a feature flag of the runner",
  "Use its name in capitals, for example FF_NETWORK_PER_BUILD.",
);

export const listenAddress = pattern(
  /^([A-Za-z0-9.-]*|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}$/,
  "an address to listen on",
  "Write host:port, for example 127.0.0.1:8093 or [::]:8093.",
);

/** https://docs.gitlab.com/runner/configuration/advanced-configuration/#volumes-in-the-runnersdocker-section */
export const volume = pattern(
  /^([A-Za-z0-9][A-Za-z0-9_.-]*:|(\/[^:\s]*):)?\/[^:\s]+(:[A-Za-z,]+)?$/,
  "a volume",
  "Write /path, or source:/path with options after a further colon, for example /srv/ccache:/ccache:ro.",
);

export const extraHost = pattern(
  /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?:([0-9a-fA-F:.]+|host-gateway)$/,
  "a host with its address",
  "Write host:address, for example apt.example.com:192.0.2.7.",
);

/** https://docs.docker.com/reference/cli/docker/#environment-variables (DOCKER_HOST) */
export const dockerEngine = pattern(
  /^(unix:\/\/\/\S+|ssh:\/\/[^\s/]+|tcp:\/\/[^\s/]+:[0-9]{1,5})$/,
  "the address of a Docker engine",
  "Write ssh://user@host, unix:///path or tcp://host:port.",
);

export const memory = pattern(
  /^[1-9][0-9]*[bkmg]?$/,
  "a size of memory",
  "Write a number with b, k, m or g, for example 2g.",
);

export const cpus = pattern(
  /^([1-9][0-9]*(\.[0-9]+)?|0?\.[0-9]*[1-9])$/,
  "a number of processors",
  "Write a number as text, for example 1.5.",
);

export const branchName = pattern(
  /^(?!.*(\.\.|\/\/|@\{|\.lock$))[A-Za-z0-9_][A-Za-z0-9._/@+-]*(?<![/.])$/,
  "a branch name",
  "Use a name that git check-ref-format --branch accepts, for example main.",
);

/** What a tag is called, with the version in it. */
export const releaseTags = pattern(
  /^[A-Za-z0-9._/+-]*\*[A-Za-z0-9._/+-]*$/,
  "a pattern of tags with one *",
  "Write the tags' name with * for the version, for example v*.",
);

/** A branch, or several by wildcard: https://docs.gitlab.com/user/project/repository/branches/protected/ */
export const branchPattern = pattern(
  /^[^\s:?[\\^~]+$/,
  "a branch or a pattern of branches",
  "Use a branch's name with * where anything may stand, for example release/*.",
);

/** https://docs.gitlab.com/ci/yaml/#stages; `.pre` and `.post` are there without being declared. */
export const stageName = pattern(
  /^[A-Za-z0-9_][A-Za-z0-9_. -]*$/,
  "a stage",
  "Begin with a letter, digit or _; .pre and .post need no declaration.",
);

/** What GitLab includes: https://docs.gitlab.com/ci/yaml/#includelocal */
export const repositoryPath = pattern(
  /^(?!\/)(?!(.*\/)?\.\.?(\/|$))[A-Za-z0-9._*/+-]+\.ya?ml$/,
  "a YAML file of a repository",
  "Write a path without leading slash and .., ending in .yml or .yaml.",
);

const cmakeWord = pattern(
  /^-[^\n\r]+$/,
  "an argument for cmake",
  "Begin with -, for example -DWITH_TOOLS=ON.",
);

/** It reaches cmake as it is written, so `$CI_…` would not become the variable's value. */
export const cmakeArgument: TextRule = (value) =>
  /\$\{?CI_/.test(value)
    ? {
        message: `"${value}" has a variable of the pipeline, which is not replaced here`,
        fix: "Say it in cmakeVariables, for example { BUILD_NUMBER: CI_PIPELINE_IID }.",
      }
    : cmakeWord(value);

/** https://cmake.org/cmake/help/latest/manual/cmake-language.7.html#variables */
export const cmakeEntry = pattern(
  /^[A-Za-z_][A-Za-z0-9_.+-]*$/,
  "the name of a cache entry of CMake",
  "Use letters, digits, _, ., + and -, beginning with a letter or _.",
);

/** Below the root of a repository; plain enough for every shell. */
export const sourceFolder = pattern(
  /^(?!(.*\/)?\.\.?(\/|$))[A-Za-z0-9._+-]+(\/[A-Za-z0-9._+-]+)*$/,
  "a folder of the source",
  "Write a path without spaces, .. or a slash at its ends, for example packaging/deb.",
);

/** Part of a job's name. */
export const testGroup = pattern(
  /^[a-z0-9]+([._-][a-z0-9]+)*$/,
  "a group of packages",
  "Use a-z, 0-9 and single ., _ or -.",
);

/** Plain enough for the shell and for GitLab to find the same files. */
export const reportPath = pattern(
  /^(?!.*\*\*)(?!(.*\/)?\.\.?(\/|$))[A-Za-z0-9._*][A-Za-z0-9._*+-]*(\/[A-Za-z0-9._*+-]+)*$/,
  "a file below the source's folder",
  "Write a path without spaces, .. or a leading slash; * stands for part of a name: build/*.xml.",
);

export const httpUrl: TextRule = (value) => {
  // The parser drops line ends, and blanks at both ends.
  const url = /[\s\\]/.test(value) ? null : URL.parse(value);
  const { protocol = "", username, password, search, hash } = url ?? {};
  const isPlain = `${username}${password}${search}${hash}` === "" && !/[?#]/.test(value);
  if (/^https?:$/.test(protocol) && isPlain) return undefined;
  return {
    message: "is not an http or https URL without credentials, query and fragment",
    fix: "Write it in full, for example https://mirror.example.com/debian.",
  };
};
