const words = /^(y|yes|n|no|true|false|on|off|null|~|=|<<)$/i;
const numbers = /^[-+]?\.?\d[\da-fox_,.:+\-TZ \t]*$/i;
const special = /^[-+]?\.(inf|nan)$/i;

/**
 * Whether a plain text could be read as something else than a text: as a number, truth value, date,
 * time or symbol. GitLab reads with Ruby's Psych, which knows YAML 1.1, commas in numbers and symbols:
 * https://github.com/ruby/psych/blob/master/lib/psych/scalar_scanner.rb
 */
export function isMisread(text: string): boolean {
  return words.test(text) || numbers.test(text) || special.test(text) || text.startsWith(":");
}
