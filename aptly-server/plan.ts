import { checkPinned } from "../runner/pinned-images.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";

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
  /** Left out while it is not known. */
  readonly image?: string;
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
  const faults: Fault[] = request.image === undefined ? [] : checkPinned("image", request.image);
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
