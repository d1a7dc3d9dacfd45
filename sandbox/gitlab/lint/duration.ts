const seconds: Record<string, number> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  wk: 604_800,
  week: 604_800,
  mo: 2_592_000,
  mos: 2_592_000,
  month: 2_592_000,
  y: 31_557_600,
  yr: 31_557_600,
  year: 31_557_600,
};

/**
 * Reads a span of time such as `1h 30m`, `1 week`, `3 mins 4 sec` or plain seconds.
 *
 * @returns seconds; undefined when the text is none.
 * @see https://docs.gitlab.com/ci/yaml/#timeout
 */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/gi)];
  const rest = text.replaceAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/gi, "").replaceAll(/\band\b|[\s,]/g, "");
  if (parts.length === 0 || rest !== "") return undefined;
  let total = 0;
  for (const [, amount = "", unit = ""] of parts) {
    const name = unit.toLowerCase();
    const each = unit === "" ? 1 : (seconds[name] ?? seconds[name.replace(/s$/, "")]);
    if (each === undefined) return undefined;
    total += Number(amount) * each;
  }
  return Math.round(total);
}
