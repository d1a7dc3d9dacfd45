import { ConfigError, type Fault } from "./config-error.ts";
import { checkPinned } from "./runner-host.ts";

/** Debian packages that the server's image needs. */
export const aptlyServerPackages: readonly string[] = [
  "aptly",
  "ca-certificates",
  "curl",
  "gnupg",
  "nginx-light",
  "openssl",
];

export type SigningAlgorithm = "rsa4096" | "ed25519";

export interface AptlyServerRequest {
  readonly image: string;
  readonly hasTls: boolean;
  readonly address?: string;
  readonly signingKey?: {
    readonly user?: string;
    readonly algorithm?: SigningAlgorithm;
    readonly expiry?: string;
  };
}

export interface AptlyServerPlan {
  readonly address: string;
  readonly user: string;
  readonly algorithm: SigningAlgorithm;
  readonly expiry: string;
}

/** Fills in the server's defaults; throws a ConfigError with every fault. */
export function planAptlyServer(request: AptlyServerRequest, subject: string): AptlyServerPlan {
  const { address = "127.0.0.1", signingKey = {} } = request;
  const { user = "apt repository <apt@localhost>", expiry = "5y" } = signingKey;
  const faults: Fault[] = checkPinned("image", request.image);
  if (!request.hasTls && !/^(127\.|\[?::1\]?$)/.test(address)) {
    const message = `"${address}" lets the password travel in clear`;
    const fix = "Give tls, or leave address out and put a proxy with HTTPS before the machine.";
    faults.push({ path: "address", message, fix });
  }
  if (!/^[^<>"\\\n]+ <[^<>\s"\\]+@[^<>\s"\\]+>$/.test(user)) {
    const fix = "Write a name and an address: Infra packages <apt@example.com>.";
    faults.push({ path: "signingKey.user", message: `"${user}" is not a user id`, fix });
  }
  if (!/^(0|[1-9][0-9]*[dwmy])$/.test(expiry)) {
    const fix = "Write a number with d, w, m or y, for example 5y; 0 for never.";
    faults.push({ path: "signingKey.expiry", message: `"${expiry}" is not a time`, fix });
  }
  if (faults.length > 0) throw new ConfigError({ code: "arguments", subject, faults });
  return { address, user, algorithm: signingKey.algorithm ?? "rsa4096", expiry };
}

export interface AptlyProxyPaths {
  readonly socket: string;
  /** What apt clients read. */
  readonly published: string;
  /** Folder with `htpasswd` and nginx's own files, best in memory. */
  readonly secrets: string;
  readonly certificate: string;
  readonly certificateKey: string;
}

export interface AptlyProxyOptions {
  readonly paths: AptlyProxyPaths;
  readonly apiPort: number;
  readonly aptPort: number;
  readonly tls: boolean;
}

/** nginx's configuration: a password before the API, the published repositories for everybody. */
export function renderAptlyProxy({ paths, apiPort, aptPort, tls }: AptlyProxyOptions): string {
  const certificate = tls
    ? `
    ssl_certificate ${paths.certificate};
    ssl_certificate_key ${paths.certificateKey};`
    : "";
  return `user root;
worker_processes 1;
pid ${paths.secrets}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${paths.secrets}/body;
  proxy_temp_path ${paths.secrets}/proxy;
  fastcgi_temp_path ${paths.secrets}/fastcgi;
  uwsgi_temp_path ${paths.secrets}/uwsgi;
  scgi_temp_path ${paths.secrets}/scgi;
  server {
    listen ${apiPort}${tls ? " ssl" : ""};${certificate}
    auth_basic "aptly";
    auth_basic_user_file ${paths.secrets}/htpasswd;
    client_max_body_size 4g;
    location / { return 404; }
    location /api {
      proxy_pass http://unix:${paths.socket}:;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
      proxy_set_header Authorization "";
    }
  }
  server {
    listen ${aptPort};
    root ${paths.published};
    autoindex on;
  }
}
`;
}
