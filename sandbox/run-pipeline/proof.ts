import type { Docker } from "./docker-engine.ts";
import { PipelineError } from "./pipeline-error.ts";
import type { Upload } from "./uploads.ts";

export interface ProofArgs {
  docker: Docker;
  /** An image of the distribution with nothing of the team's own. */
  image: string;
  /** Address of the published repositories. */
  aptUrl: string;
  /** The armoured public key that signs them. */
  key: string;
  upload: Upload;
  /** A shell script that uses what was installed and fails when that does not work. */
  check: string;
}

/**
 * Installs what was published, as a user of the repository would, and uses it.
 * @returns What the check printed.
 * @throws PipelineError `proof-failed` with all that the container printed.
 */
export async function proveInstallation(args: ProofArgs): Promise<string> {
  const { docker, image, aptUrl, key, upload, check } = args;
  const versions = upload.packages.map(({ package: name, version }) => `${name}=${version}`);
  const script = [install, "exec sh -e"].join("\n");
  const names = ["APT_KEY", "APT_URL", "CODENAME", "COMPONENT", "PACKAGES"];
  const env = {
    APT_KEY: key,
    APT_URL: new URL(upload.prefix, aptUrl).href,
    CODENAME: upload.codename,
    COMPONENT: upload.component,
    PACKAGES: versions.join(" "),
  };
  const variables = names.flatMap((name) => ["--env", name]);
  const list = ["run", "--rm", "--interactive", "--network", "host", ...variables, image];
  try {
    return await docker.run([...list, "sh", "-ec", script], { env, input: check });
  } catch (cause) {
    if (!(cause instanceof PipelineError)) throw cause;
    const message = `pipeline: ${versions.join(", ")} cannot be installed or used on ${upload.codename}. ${cause.message}`;
    throw new PipelineError("proof-failed", message, { cause });
  }
}

const install = `
mkdir -p /etc/apt/keyrings
printf '%s\\n' "$APT_KEY" >/etc/apt/keyrings/trunkline.asc
cat >/etc/apt/sources.list.d/trunkline.sources <<EOF
Types: deb
URIs: $APT_URL
Suites: $CODENAME
Components: $COMPONENT
Signed-By: /etc/apt/keyrings/trunkline.asc
EOF
export DEBIAN_FRONTEND=noninteractive
apt-get --quiet --quiet update </dev/null >&2
apt-get --quiet --quiet --yes --no-install-recommends install $PACKAGES </dev/null >&2
`;
