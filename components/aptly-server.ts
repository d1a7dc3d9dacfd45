import * as docker from "@pulumi/docker";
import { type ComponentResourceOptions, type Input, secret } from "@pulumi/pulumi";
import { readHostScript } from "../aptly-server/host-script.ts";
import {
  aptlyServerPackages,
  planAptlyServer,
  type SigningAlgorithm,
} from "../aptly-server/plan.ts";
import { renderAptlyProxy } from "../aptly-server/proxy.ts";
import { Component } from "./base.ts";
import { createChild, type Transform } from "./transform.ts";

export interface AptlyServerArgs {
  /** Image by digest that has `AptlyServer.packages`, as a `BuilderImage` makes it. */
  readonly image: Input<string>;
  /** Who may use the API. */
  readonly username: string;
  /** 8 or more characters; pass it as a secret. */
  readonly password: Input<string>;
  /** Address of the machine to listen on; without `tls` only its own. Default: `127.0.0.1`. */
  readonly address?: string;
  /** Port of the API. Default: 8083. */
  readonly apiPort?: number;
  /** Port of the published repositories, in clear: apt checks signatures. Default: 8084. */
  readonly aptPort?: number;
  /** Certificate chain and key for the API, in PEM. Default: none. */
  readonly tls?: { readonly certificate: Input<string>; readonly key: Input<string> };
  /** Let Pulumi refuse to delete the volumes with the packages and the key. Default: true. */
  readonly protect?: boolean;
  /** The key that repositories are signed with, made at the first start and kept. */
  readonly signingKey?: {
    /** Default: `apt repository <apt@localhost>`. */
    readonly user?: string;
    /** `ed25519` is smaller, but xenial's apt does not know it. Default: `rsa4096`. */
    readonly algorithm?: SigningAlgorithm;
    /** How long the key is good, `5y`; `0` for ever. Default: `5y`. */
    readonly expiry?: string;
  };
  /** Changes to the resources that it is made of. Default: none. */
  readonly transform?: {
    readonly image?: Transform<docker.RemoteImageArgs>;
    /** The volume with the packages. */
    readonly data?: Transform<docker.VolumeArgs>;
    /** The volume with the signing key. */
    readonly keys?: Transform<docker.VolumeArgs>;
    /** The volume with the socket. */
    readonly run?: Transform<docker.VolumeArgs>;
    readonly server?: Transform<docker.ContainerArgs>;
    readonly proxy?: Transform<docker.ContainerArgs>;
  };
}

const files = {
  data: "/var/lib/aptly",
  keys: "/var/lib/aptly-keys",
  run: "/run/aptly",
  socket: "/run/aptly/api.sock",
  secrets: "/run/proxy",
  own: "/opt/trunkline",
};

const proxyFiles = {
  configuration: `${files.own}/nginx.conf`,
  password: `${files.own}/password`,
  certificate: `${files.own}/tls.crt`,
  certificateKey: `${files.own}/tls.key`,
};

/** Publishing a large repository takes minutes. */
const graceSeconds = 600;

/**
 * aptly on a Docker host (the component's option `providers`, a `docker.Provider`): one container that
 * serves its API on a Unix socket and has the signing key, and a proxy before it that asks for a
 * password and serves the published repositories. The public key is at `/trunkline.asc` there.
 *
 * ```ts
 * const image = new BuilderImage("aptly-image", {
 *   codename: "trixie", baseImage: "debian:trixie", registry: "registry.example.com/infra",
 *   packages: AptlyServer.packages,
 * });
 * new AptlyServer("aptly", {
 *   image: image.ref, username: "ci", password,
 *   signingKey: { user: "Infra packages <apt@example.com>" },
 * });
 * ```
 */
export class AptlyServer extends Component {
  static readonly type = "trunkline:apt:AptlyServer";
  /** Debian packages that its image needs. */
  static readonly packages = aptlyServerPackages;
  readonly nodes: { readonly server: docker.Container; readonly proxy: docker.Container };

  constructor(name: string, args: AptlyServerArgs, opts?: ComponentResourceOptions) {
    super(AptlyServer.type, name, opts);
    const parent = this;
    const { apiPort = 8083, aptPort = 8084 } = args;
    const plan = planServer();
    const image = createImage();
    const data = createVolume("data", args.protect);
    const keys = createVolume("keys", args.protect);
    const run = createVolume("run", false);
    const server = createServer();
    const proxy = createProxy();
    this.nodes = { server, proxy };
    this.registerOutputs({});

    function planServer() {
      const { image, transform: _, ...rest } = args;
      const known = typeof image === "string" ? { image } : {};
      return parent.plan(planAptlyServer, { ...rest, ...known, hasTls: args.tls !== undefined });
    }

    function createImage() {
      const pulled = { name: args.image, keepLocally: true };
      return createChild(docker.RemoteImage, args.transform?.image)(`${name}-image`, pulled, {
        parent,
      });
    }

    function createVolume(role: "data" | "keys" | "run", protect = true) {
      return createChild(docker.Volume, args.transform?.[role])(
        `${name}-${role}`,
        {},
        { parent, protect },
      );
    }

    function createServer() {
      const words = [files.data, files.keys, files.socket, plan.user, plan.algorithm, plan.expiry];
      return createChild(docker.Container, args.transform?.server)(
        `${name}-server`,
        {
          ...common(image),
          entrypoints: ["sh", `${files.own}/aptly-server.sh`, ...words],
          mounts: [mount(data, files.data), mount(keys, files.keys), mount(run, files.run)],
          uploads: [script("aptly-server")],
          healthcheck: check("--unix-socket", files.socket, "http://aptly/api/version"),
        },
        // aptly locks its database: a second one would not start.
        { parent, deleteBeforeReplace: true },
      );
    }

    function createProxy() {
      const words = [args.username, proxyFiles.password, files.secrets, proxyFiles.configuration];
      return createChild(docker.Container, args.transform?.proxy)(
        `${name}-proxy`,
        {
          ...common(image),
          // nginx takes no further calls and lets those under way end. https://nginx.org/en/docs/control.html
          stopSignal: "SIGQUIT",
          entrypoints: ["sh", `${files.own}/aptly-proxy.sh`, ...words],
          mounts: [mount(data, files.data, true), mount(run, files.run)],
          tmpfs: { [files.secrets]: "mode=0700" },
          uploads: proxyUploads(args),
          ports: [
            { internal: 8083, external: apiPort, ip: plan.address },
            { internal: 8084, external: aptPort, ip: plan.address },
          ],
          healthcheck: check("http://127.0.0.1:8084/trunkline.asc"),
        },
        {
          parent,
          dependsOn: [server],
          deleteBeforeReplace: true,
          additionalSecretOutputs: ["uploads"],
        },
      );
    }
  }
}

/** What both containers have. */
function common(image: docker.RemoteImage) {
  return {
    image: image.imageId,
    restart: "always",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    // Without them Docker would kill a call that publishes.
    stopTimeout: graceSeconds,
    destroyGraceSeconds: graceSeconds,
    wait: true,
    waitTimeout: 120,
  };
}

function mount(volume: docker.Volume, target: string, readOnly = false) {
  return { type: "volume", source: volume.name, target, readOnly };
}

function proxyUploads({ password, tls }: AptlyServerArgs) {
  const { certificate, certificateKey } = proxyFiles;
  const paths = { ...files, published: `${files.data}/public`, certificate, certificateKey };
  const content = renderAptlyProxy({ paths, apiPort: 8083, aptPort: 8084, tls: tls !== undefined });
  return [
    script("aptly-proxy"),
    { file: proxyFiles.configuration, content },
    secretFile(proxyFiles.password, password),
    ...(tls ? [secretFile(certificate, tls.certificate), secretFile(certificateKey, tls.key)] : []),
  ];
}

function script(name: "aptly-proxy" | "aptly-server") {
  return { file: `${files.own}/${name}.sh`, content: readHostScript(name), executable: true };
}

function secretFile(file: string, content: Input<string>) {
  return { file, content: secret(content), permissions: "0600" };
}

function check(...words: readonly string[]) {
  const tests = ["CMD", "curl", "--fail", "--silent", "--output", "/dev/null", ...words];
  return { tests, interval: "10s", timeout: "5s", startPeriod: "60s", retries: 6 };
}
