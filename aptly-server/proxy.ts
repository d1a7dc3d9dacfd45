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

/**
 * nginx's configuration: a password before the API, the published repositories for everybody. aptly
 * before 1.6.3 loses packages when two calls change a repository at once, so one call at a time gets
 * through to it, whoever makes it, and stays counted until aptly has finished. Uploaded files disturb
 * nobody.
 */
export function renderAptlyProxy(options: AptlyProxyOptions): string {
  const { paths, aptPort } = options;
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
  map "$request_method $uri" $aptly_writer {
    "~^(POST|PUT|DELETE) /api/(?!files/)" one;
  }
  limit_conn_zone $aptly_writer zone=aptly_writers:1m;
${renderApi(options)}
  server {
    listen ${aptPort};
    root ${paths.published};
    autoindex on;
  }
}
`;
}

function renderApi({ paths, apiPort, tls }: AptlyProxyOptions): string {
  const certificate = tls
    ? `
    ssl_certificate ${paths.certificate};
    ssl_certificate_key ${paths.certificateKey};`
    : "";
  return `  server {
    listen ${apiPort}${tls ? " ssl" : ""};${certificate}
    auth_basic "aptly";
    auth_basic_user_file ${paths.secrets}/htpasswd;
    client_max_body_size 4g;
    location / { return 404; }
    # nginx counts before it asks for a password: counted here, a stranger could take the one turn.
    location /api { try_files none @aptly; }
    location @aptly {
      auth_basic off;
      proxy_pass http://unix:${paths.socket}:;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_read_timeout 1h;
      proxy_ignore_client_abort on;
      limit_conn aptly_writers 1;
      limit_conn_status 429;
      limit_conn_log_level info;
      proxy_set_header Authorization "";
    }
  }`;
}
