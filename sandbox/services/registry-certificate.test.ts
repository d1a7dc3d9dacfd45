import { expect, test } from "vitest";
import { sandboxLayout } from "./layout.ts";
import { trustedFolders } from "./registry-certificate.ts";

const layout = sandboxLayout("/s");

test.each([
  [undefined, "/s/certificates:/etc/ssl/certs"],
  ["/company/certificates", "/s/certificates:/company/certificates"],
  ["/s/certificates:/etc/ssl/certs", "/s/certificates:/etc/ssl/certs"],
])("beside what SSL_CERT_DIR %j names, the sandbox's certificates are trusted", (present, all) => {
  expect(trustedFolders(layout, present)).toBe(all);
});
