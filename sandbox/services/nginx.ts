import { mkdir, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { BackgroundProcess } from "./background-process.ts";
import { ensureCredentials, renderPasswordFile } from "./credentials.ts";
import type { SandboxLayout } from "./layout.ts";
import { checkPortIsFree, type SandboxPorts } from "./ports.ts";
import { answersHttp } from "./probe.ts";
import type { Service } from "./service.ts";

/** Puts a password before aptly's API and serves the published repositories. */
export function nginxService(layout: SandboxLayout, ports: SandboxPorts): Service {
  const configuration = renderConfiguration(layout, ports);
  const file = join(layout.nginx, "nginx.conf");
  const daemon = new BackgroundProcess(layout, {
    name: "nginx",
    command: "nginx",
    arguments: ["-e", join(layout.logs, "nginx-error.log"), "-p", layout.nginx, "-c", file],
    configuration,
    probe: answersHttp(`http://127.0.0.1:${ports.aptly}/`),
  });
  return {
    name: "nginx",
    start: () =>
      daemon.ensure(async () => {
        await checkPortIsFree("aptly", ports.aptly);
        await checkPortIsFree("apt", ports.apt);
        await mkdir(layout.nginx, { recursive: true });
        const passwords = renderPasswordFile(await ensureCredentials(layout.credentials));
        await writeFile(join(layout.nginx, "htpasswd"), passwords, { mode: 0o600 });
        await writeFile(file, configuration);
      }),
    stop: () => daemon.stop(),
    status: () =>
      daemon.status(`http://127.0.0.1:${ports.aptly}/api, http://127.0.0.1:${ports.apt}/`),
  };
}

/**
 * Every path lies under the sandbox, so that nginx runs without root too. aptly before 1.6.3 loses
 * packages when two calls change a repository at once, so one call at a time gets through to it,
 * whoever makes it, and stays counted until aptly has finished. Uploaded files disturb nobody.
 */
function renderConfiguration(layout: SandboxLayout, ports: SandboxPorts): string {
  // Started by root, nginx would serve files as `nobody`, who may not enter root's folders.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username} root;\n` : "";
  return `${user}daemon off;
worker_processes 1;
pid "${layout.nginx}/nginx.pid";
events {}
http {
  access_log off;
  client_body_temp_path "${layout.nginx}/body";
  proxy_temp_path "${layout.nginx}/proxy";
  fastcgi_temp_path "${layout.nginx}/fastcgi";
  uwsgi_temp_path "${layout.nginx}/uwsgi";
  scgi_temp_path "${layout.nginx}/scgi";
  map "$request_method $uri" $aptly_writer {
    "~^(POST|PUT|DELETE) /api/(?!files/)" one;
  }
  limit_conn_zone $aptly_writer zone=aptly_writers:1m;
  server {
    listen 127.0.0.1:${ports.aptly};
    auth_basic "aptly";
    auth_basic_user_file "${layout.nginx}/htpasswd";
    client_max_body_size 4g;
    location / { return 404; }
    # nginx counts before it asks for a password: counted here, a stranger could take the one turn.
    location /api { try_files none @aptly; }
    location @aptly {
      auth_basic off;
      proxy_pass "http://unix:${layout.aptlySocket}:";
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
      proxy_ignore_client_abort on;
      limit_conn aptly_writers 1;
      limit_conn_status 429;
      limit_conn_log_level info;
      proxy_set_header Authorization "";
    }
  }
  server {
    listen 127.0.0.1:${ports.apt};
    root "${layout.published}";
    autoindex on;
  }
}
`;
}
