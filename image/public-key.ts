import type { Refusal } from "../validation/text-rules.ts";

const block =
  /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+: [^\r\n]*\r?\n)*\r?\n([A-Za-z0-9+/=\s]+?)-----END PGP PUBLIC KEY BLOCK-----/g;

/** Refuses what is not an ASCII-armoured public key. */
export function publicKey(key: string): Refusal | undefined {
  if (/^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n/.test(key)) return undefined;
  const message = "is not an ASCII-armoured public key";
  return { message, fix: "Give the output of gpg --armor --export <key>." };
}

/**
 * The binary form of an armoured key, for an apt that reads no other, in lines of base64: what gpg
 * --dearmor gives, without gpg, which minimal images lack. Blocks of several keys are joined.
 * https://www.rfc-editor.org/rfc/rfc9580#name-forming-ascii-armor
 */
export function toBinaryKey(key: string): string[] {
  const blocks = [...key.matchAll(block)].map(([, body = ""]) => {
    const lines = body
      .split(/\s+/)
      .filter((line) => line !== "" && !/^=[A-Za-z0-9+/]{4}$/.test(line));
    return Buffer.from(lines.join(""), "base64");
  });
  return (
    Buffer.concat(blocks)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  );
}
