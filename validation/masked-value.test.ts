import { describe, expect, test } from "vitest";
import { whyNotMaskable } from "./masked-value.ts";

describe("a value", () => {
  test.each([
    ["of 8 letters", "abcdefgh", false],
    ["with a dollar, taken as it is", "abcdefg$", true],
    ["with what base64 and addresses have", "aB3_+=/@:.~-", false],
  ])("%s can be masked", (_, value, raw) => {
    expect(whyNotMaskable(value, raw)).toBeUndefined();
  });

  test.each([
    ["that is short", "abcdefg", true, /fewer than 8/],
    ["of two lines", "abcdefgh\nabcdefgh", true, /more than one line/],
    ["with a final line break", "abcdefgh\n", true, /more than one line/],
    ["with a blank", "two words", true, /blanks/],
    ["with a dollar that has a meaning", "abcdefg$", false, /without raw/],
  ])("%s cannot, and is told why", (_, value, raw, why) => {
    expect(whyNotMaskable(value, raw)).toMatch(why);
  });
});
