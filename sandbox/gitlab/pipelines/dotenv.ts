import { GzipInvalid, readGzipMembers } from "./gzip-members.ts";
import { type JobVariable, toVariable } from "./variables.ts";

/** A `dotenv` report that cannot be taken; the message is GitLab's. */
export class DotenvInvalid extends Error {
  override readonly name = "DotenvInvalid";
}

/** Limits of an instance of one's own. https://docs.gitlab.com/administration/instance_limits/ */
const maximumSize = 5 * 1024;
const maximumCount = 20;

/**
 * The variables of a `dotenv` report: one `KEY=value` a line, without quoting and comments; of two
 * with one key the later one counts.
 *
 * @param packed the artifact as it was sent.
 * @throws DotenvInvalid when it is too large, or a line is none.
 * @see https://docs.gitlab.com/ci/yaml/artifacts_reports/#artifactsreportsdotenv
 */
export function readDotenv(packed: Buffer): JobVariable[] {
  if (packed.length >= maximumSize)
    throw new DotenvInvalid(`Dotenv Artifact Too Big. Maximum Allowable Size: ${maximumSize}`);
  const lines = unpack(packed).flatMap(toLines);
  const variables = new Map(lines.map(readLine));
  if (variables.size > maximumCount)
    throw new DotenvInvalid(`Dotenv files cannot have more than ${maximumCount} variables`);
  return [...variables].map(([key, value]) => toVariable(key, value, { public: false }));
}

function unpack(packed: Buffer): Buffer[] {
  try {
    return readGzipMembers(packed);
  } catch (error) {
    if (error instanceof GzipInvalid) throw new DotenvInvalid(error.message, { cause: error });
    throw error;
  }
}

function toLines(file: Buffer): string[] {
  const text = file.toString("utf8").replace(/^\uFEFF/, "");
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

function readLine(line: string): [string, string] {
  const [, key, value] = /^([^=]*)=(.*)$/s.exec(line) ?? [];
  if (key === undefined || value === undefined) throw new DotenvInvalid("Invalid Format");
  if (!/^\w+$/.test(key.trim()))
    throw new DotenvInvalid("Validation failed: Key can contain only letters, digits and '_'.");
  return [key.trim(), value.trim()];
}
