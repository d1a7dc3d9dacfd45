/** Shorter ones are found in ordinary words. */
const shortest = { text: 4, line: 8 };

/** Takes secrets out of a text, in every form that a server or a library may quote them in. */
export function redact(text: string, confidential: Iterable<string>): string {
  return (
    [...new Set([...confidential].flatMap(toForms))]
      // Longest first: a secret that begins another would leave the other's end in clear.
      .sort((a, b) => b.length - a.length)
      .reduce((clean, form) => clean.replaceAll(form, "[secret]"), text)
  );
}

function toForms(secret: string): string[] {
  if (secret === "") return [];
  const lines = secret.split("\n").map((line) => line.trim());
  const parts = [
    secret.trim(),
    ...(lines.length > 1 ? lines.filter(({ length }) => length >= shortest.line) : []),
  ];
  const derived = [secret, ...parts].flatMap((part) => [
    part,
    quoted(part),
    quoted(quoted(part)),
    // Of a surrogate alone, which neither takes, as servers read it.
    encodeURIComponent(Buffer.from(part).toString()),
    new URLSearchParams([["", part]]).toString().slice(1),
    ...toBase64(Buffer.from(part)),
  ]);
  return [secret, ...derived.filter(({ length }) => length >= shortest.text)];
}

/** As JSON writes it, without the quotes around it. */
function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Alone, and within another text (`user:password`), where its first byte may begin at each of three bits. */
function toBase64(bytes: Buffer): string[] {
  const within = [0, 1, 2].map((offset) => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const isWhole = shifted.length % 3 === 0;
    const start = offset === 0 ? 0 : offset + 1;
    return shifted
      .toString("base64")
      .replace(/=+$/, "")
      .slice(start, isWhole ? undefined : -1);
  });
  const texts = [
    bytes.toString("base64"),
    ...within.filter(({ length }) => length >= shortest.line),
  ];
  return texts.flatMap((text) => [text, text.replaceAll("+", "-").replaceAll("/", "_")]);
}
