import { ConfigError, type Fault } from "../validation/config-error.ts";

/** What the stack must know of the servers besides what the plugins are configured with. */
export interface Connections {
  /** GitLab's own address, without `/api/v4/`. */
  readonly gitlabUrl: string;
  readonly aptlyUrl: string;
  readonly aptlyUsername: string;
  /** Secret. */
  readonly aptlyPassword: string;
  /** Address of the published repositories, without prefix. */
  readonly aptUrl: string;
  /** ASCII-armoured public key that they are signed with. */
  readonly aptKey: string;
}

interface Setting {
  /** Where a stack's configuration has it. */
  readonly key: string;
  /** Used when the configuration does not say. */
  readonly variable: string;
  readonly example: string;
}

const settings: Readonly<Record<keyof Connections, Setting>> = {
  gitlabUrl: {
    key: "gitlab:baseUrl",
    variable: "GITLAB_BASE_URL",
    example: "https://gitlab.example.com/api/v4/",
  },
  aptlyUrl: { key: "aptly:url", variable: "APTLY_URL", example: "https://aptly.example.com/api" },
  aptlyUsername: { key: "aptly:username", variable: "APTLY_USERNAME", example: "trunkline" },
  aptlyPassword: { key: "aptly:password", variable: "APTLY_PASSWORD", example: "--secret" },
  aptUrl: { key: "trunkline:apt.url", variable: "APT_URL", example: "https://apt.example.com" },
  aptKey: {
    key: "trunkline:apt.keyFile",
    variable: "APT_KEY_FILE",
    example: "keys/apt.asc",
  },
};

export interface ConnectionSources {
  /** A configuration value by its full key. */
  readonly configured: (key: string) => string | undefined;
  /** Whether that value is a secret. */
  readonly isSecret: (key: string) => boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Gives a file's text, or undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/** Reads the connections from the configuration, else the environment; throws one ConfigError listing all that is missing. */
export function readConnections(sources: ConnectionSources, subject: string): Connections {
  const faults: Fault[] = [];
  const read = (name: keyof Connections): string => {
    const { key, variable, example } = settings[name];
    const value = sources.configured(key) || sources.environment[variable];
    if (sources.configured(key) && sources.isSecret(key) && name !== "aptlyPassword") {
      const message = "is a secret, but it is shown in variables of the group, errors and outputs";
      faults.push({ path: key, message, fix: "Set it with --plaintext." });
    }
    if (value) return value;
    const fix = `Set it (for example ${example}), or the environment variable ${variable}.`;
    faults.push({ path: key, message: "is not set", fix });
    return "";
  };
  const keyFile = read("aptKey");
  const aptKey = keyFile && sources.readFile(keyFile);
  if (aptKey === undefined) {
    const message = `"${keyFile}" cannot be read`;
    const fix = "Give the file that gpg --armor --export <key> wrote.";
    faults.push({ path: settings.aptKey.key, message, fix });
  }
  const connections = {
    gitlabUrl: read("gitlabUrl").replace(/\/api\/v4\/?$/, ""),
    aptlyUrl: read("aptlyUrl"),
    aptlyUsername: read("aptlyUsername"),
    aptlyPassword: read("aptlyPassword"),
    aptUrl: read("aptUrl"),
    aptKey: aptKey ?? "",
  };
  if (faults.length > 0) {
    throw new ConfigError({ code: "configuration", subject, faults, limit: faults.length });
  }
  return connections;
}
