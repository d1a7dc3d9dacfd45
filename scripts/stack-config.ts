import { isMap, parseDocument } from "yaml";

const saltKey = "encryptionsalt";

/**
 * The dev stack's configuration as Pulumi is given it: the committed file with the salt of the
 * passphrase in use. Pulumi writes that salt into the file it is given; it belongs to the sandbox
 * of one machine and so not into the repository.
 * @param committed The repository's Pulumi.dev.yaml.
 * @param previous What Pulumi was given last time, undefined at first.
 */
export function renderStackConfig(committed: string, previous: string | undefined): string {
  const document = parseDocument(committed);
  // Values encrypted by hand can be read with the salt that was written beside them alone.
  if (document.has(saltKey) && /\bsecure:/.test(committed)) return committed;
  document.delete(saltKey);
  const salt = previous === undefined ? undefined : parseDocument(previous).get(saltKey);
  if (salt === undefined) return document.toString();
  if (!isMap(document.contents)) return `${committed}${saltKey}: ${salt}\n`;
  document.set(saltKey, salt);
  return document.toString();
}
