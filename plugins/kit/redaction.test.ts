import { describe, expect, it } from "vitest";
import { redact } from "./redaction.ts";

const secret = 'p"q\\r é zecret';
const lines = "first zecret line\n  short\n  last zecret line\n";

describe("a secret is redacted", () => {
  it.each([
    ["as it is", secret],
    ["in JSON", JSON.stringify({ message: secret })],
    ["in JSON within JSON", JSON.stringify(JSON.stringify({ message: secret }))],
    ["in a URL", `/projects/${encodeURIComponent(secret)}`],
    ["in a form", `${new URLSearchParams({ secret })}`],
    ["in Base64", Buffer.from(secret).toString("base64")],
    ["in the Base64 of more", Buffer.from(`user:${secret}`).toString("base64")],
    ["in Base64 for URLs", Buffer.from(secret).toString("base64url")],
  ])("%s", (_case, text) => {
    const clean = redact(`GitLab said ${text}.`, [secret]);
    expect(clean).toContain("[secret]");
    expect(clean).toMatch(/^GitLab said .*\.$/);
    for (const part of ["zecret", 'p"q', Buffer.from(secret).toString("base64url").slice(0, 12)])
      expect(clean).not.toContain(part);
  });
});

describe("a secret of several lines is redacted", () => {
  it.each([
    ["without what is around it", lines.trim()],
    ["in JSON", JSON.stringify({ lines })],
    ["by its last line", "value last zecret line is bad"],
  ])("%s", (_case, text) => {
    expect(redact(text, [lines])).toMatch(/\[secret\]/);
    expect(redact(text, [lines])).not.toContain("zecret");
  });

  it("but not by lines that are as short as any word", () => {
    expect(redact("too short", [lines])).toBe("too short");
  });
});

it("what only ends in spaces is redacted without them, too", () => {
  expect(redact("is zecret bad", [" zecret\n"])).toBe("is [secret] bad");
});

it("the longest form goes first, and texts beside secrets stay", () => {
  expect(redact("open-sesame-and-more, open", ["open-sesame", "open-sesame-and-more"])).toBe(
    "[secret], open",
  );
});
