import { ConfigInvalid } from "./config.ts";

/** What a plain text becomes, by the first pattern that it matches. */
const readings: [RegExp, (text: string) => unknown][] = [
  [/^(~|null)?$/i, () => null],
  [/^(yes|true|on)$/i, () => true],
  [/^(no|false|off)$/i, () => false],
  [
    /^-?\d{4}-\d{1,2}-\d{1,2}([Tt]|\s+)\d{1,2}:\d\d:\d\d(\.\d*)?(\s*(Z|[-+]\d{1,2}:?(\d\d)?))?$/,
    () => refuseClass("Time"),
  ],
  [/^\d{4}-(1[012]|0\d|\d)-([12]\d|3[01]|0\d|\d)$/, () => refuseClass("Date")],
  [/^\+?\.inf$/i, () => Number.POSITIVE_INFINITY],
  [/^-\.inf$/i, () => Number.NEGATIVE_INFINITY],
  [/^\.nan$/i, () => Number.NaN],
  [/^:.+$/, toSymbol],
  [/^[-+]?\d[\d_]*(:[0-5]?\d){1,2}$/, toSexagesimal],
  [/^[-+]?\d[\d_]*(:[0-5]?\d){1,2}\.[\d_]*$/, (text) => toFloat(toSexagesimal(text))],
  [/^[-+]?(\d[\d_,]*\.\d*|\.\d+)([eE][-+]\d+)?$/, (text) => toFloat(Number(bare(text)))],
  [/^[-+]?0b[01_,]*[01][01_,]*$/, toInteger],
  [/^[-+]?0[0-7_,]+$/, toInteger],
  [/^[-+]?(0|[1-9](\d|[,_]\d)*)$/, toInteger],
  [/^[-+]?0x[\da-f_,]*[\da-f][\da-f_,]*$/i, toInteger],
];

/**
 * What Ruby's Psych makes of a plain text: YAML 1.1, but `y`, `n` and `1e3` are texts, a colon in
 * front makes a symbol, and `12:30` is 45000, whatever YAML says.
 *
 * @throws ConfigInvalid for days and times, which GitLab does not let Psych make.
 */
export function readPlain(text: string): unknown {
  const [, read] = readings.find(([pattern]) => pattern.test(text)) ?? [];
  return read === undefined ? text : read(text);
}

function refuseClass(name: string): never {
  throw new ConfigInvalid(`Tried to load unspecified class: ${name}`);
}

/** GitLab turns symbols into texts sooner or later. */
function toSymbol(text: string): string {
  const [, , quoted] = /^:(["'])(.*)\1/.exec(text) ?? [];
  return quoted?.replace(/^:/, "") ?? text.slice(1);
}

/** The first part counts as hours, also where there are two. */
function toSexagesimal(text: string): number {
  return bare(text)
    .split(":")
    .reduce((sum, part, at) => sum + Number(part) * 60 ** (2 - at), 0);
}

function bare(text: string): string {
  return text.replaceAll(/[,_]/g, "");
}

/** An integer; the text of its digits where it is too large for a number here. */
function toInteger(text: string): number | string {
  const [, sign, digits = ""] = /^([-+]?)(.*)$/.exec(bare(text).toLowerCase()) ?? [];
  const size = BigInt(digits.replace(/^0(?=[0-7])/, "0o"));
  const value = sign === "-" ? -size : size;
  return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
}

/**
 * A number; Ruby's text of it where a number here would be written otherwise, as `1.0`, which becomes
 * the value of a variable.
 */
function toFloat(value: number): number | string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16))
    return Number.isInteger(value) ? `${value}.0` : value;
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  const power = exponent.slice(1).padStart(2, "0");
  return `${digits.includes(".") ? digits : `${digits}.0`}e${exponent.charAt(0)}${power}`;
}
