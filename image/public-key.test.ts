import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { toBinaryKey } from "./public-key.ts";

const toBytes = (key: string) => Buffer.from(toBinaryKey(key).join(""), "base64");

it("gives the bytes that gpg --dearmor gives", () => {
  const home = mkdtempSync(join(tmpdir(), "trunkline-gpg-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const gpg = (...args: string[]) =>
    execFileSync("gpg", ["--homedir", home, "--batch", ...args], { stdio: "pipe" });
  const quick = ["--passphrase", "", "--quick-generate-key"];
  for (const name of ["one", "two"]) gpg(...quick, name, "ed25519", "sign", "never");
  const armoured = ["one", "two"].map((name) => gpg("--armor", "--export", name).toString());
  expect(toBytes(armoured[0] ?? "")).toEqual(gpg("--export", "one"));
  const commented = armoured.map((each) => each.replace("\n\n", "\nVersion: 1\nComment: a: b\n\n"));
  expect(toBytes(commented.join("").replaceAll("\n", "\r\n"))).toEqual(
    Buffer.concat([gpg("--export", "one"), gpg("--export", "two")]),
  );
});
