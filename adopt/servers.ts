import type { AptlyOptions } from "../plugins/aptly/client.ts";
import type { GitLabOptions } from "../plugins/gitlab/client.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";

export interface Servers {
  readonly gitlab: GitLabOptions;
  readonly aptly: AptlyOptions;
}

/** How the plugins reach their servers: by the stack's configuration, else by the environment. */
export function readServers(
  configured: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Servers {
  const faults: Fault[] = [];
  const read = (key: string, variable: string) => configured[key] || environment[variable];
  const need = (key: string, variable: string, flag = ""): string => {
    const value = read(key, variable);
    if (value) return value;
    const fix = `Run pulumi config set ${flag}${key}, or set the environment variable ${variable}.`;
    faults.push({ path: key, message: "is not set", fix });
    return "";
  };
  const retries = (service: string) =>
    configured[`${service}:retries`] ? { retries: Number(configured[`${service}:retries`]) } : {};
  const servers: Servers = {
    gitlab: {
      baseUrl: need("gitlab:baseUrl", "GITLAB_BASE_URL"),
      token: need("gitlab:token", "GITLAB_TOKEN", "--secret "),
      ...retries("gitlab"),
    },
    aptly: {
      url: need("aptly:url", "APTLY_URL"),
      username: read("aptly:username", "APTLY_USERNAME"),
      password: read("aptly:password", "APTLY_PASSWORD"),
      ...retries("aptly"),
    },
  };
  if (faults.length > 0) throw new ConfigError({ code: "configuration", subject: "adopt", faults });
  return servers;
}
