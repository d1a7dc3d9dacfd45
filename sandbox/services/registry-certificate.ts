import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter } from "node:path";
import { execa } from "execa";
import type { SandboxLayout } from "./layout.ts";

/** Folder of the certificates that Debian trusts. */
const systemCertificates = "/etc/ssl/certs";

/**
 * Makes the registry's key and certificate at the first call. The certificate may sign no other,
 * so who trusts it trusts this registry alone.
 */
export async function ensureRegistryCertificate(layout: SandboxLayout): Promise<void> {
  if (existsSync(layout.registryCertificate)) return;
  await mkdir(layout.certificates, { recursive: true });
  await mkdir(layout.registry, { recursive: true });
  // https://docs.openssl.org/3.0/man1/openssl-req/; the key file's mode is 0600.
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const files = ["-nodes", "-keyout", layout.registryKey, "-out", layout.registryCertificate];
  const subject = ["-subj", "/CN=trunkline sandbox registry", "-days", "3650"];
  const extensions = [
    "subjectAltName=IP:127.0.0.1,DNS:localhost",
    "basicConstraints=critical,CA:FALSE",
    "extendedKeyUsage=serverAuth",
  ].flatMap((extension) => ["-addext", extension]);
  await execa("openssl", [...request, ...files, ...subject, ...extensions]);
}

/**
 * The value of `SSL_CERT_DIR` with which Go's programs trust a sandbox's certificates beside the
 * system's. https://pkg.go.dev/crypto/x509#SystemCertPool
 * @param present The value that is set now, undefined when none is.
 */
export function trustedFolders(layout: SandboxLayout, present: string | undefined): string {
  const others = (present ?? systemCertificates).split(delimiter);
  return [...new Set([layout.certificates, ...others])].join(delimiter);
}
