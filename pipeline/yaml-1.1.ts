const words = /^(y|yes|n|no|true|false|on|off|null|~|=|<<)$/i;
const numbers = /^[-+]?\.?\d[\da-fox_,.:+\-TZ \t]*$/i;
const special = /^[-+]?\.(inf|nan)$/i;

/** What ends a line in YAML 1.1 alone, or may stand in no file unless it is escaped. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** What begins a block of lines and can be taken for their indentation. */
const indented = /^\s/;

/**
 * Whether a text without quotes could be read as something else: as a number, truth value, date, time
 * or symbol, or as other lines. GitLab reads with Ruby's Psych, which knows YAML 1.1, commas in numbers
 * and symbols:
 * https://github.com/ruby/psych/blob/master/lib/psych/scalar_scanner.rb
 */
export function isMisread(text: string): boolean {
  const isOther = words.test(text) || numbers.test(text) || special.test(text);
  return isOther || text.startsWith(":") || unprintable.test(text) || indented.test(text);
}

/** A file in which the texts that are misread for a character stand between double quotes. */
export function escapeUnprintable(file: string): string {
  return file.replaceAll(new RegExp(unprintable, "g"), (character) => {
    const digits = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${digits}`;
  });
}
