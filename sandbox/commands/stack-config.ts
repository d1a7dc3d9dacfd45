import { parseDocument } from "yaml";

const saltKey = "encryptionsalt";
/** The sandbox's registry where no port was chosen, as the committed file names it. */
const usualRegistry = "127.0.0.1:5050";

/** What a sandbox adds to the committed configuration. */
export interface StackConfigArgs {
  /** The repository's Pulumi.dev.yaml. */
  committed: string;
  /** What Pulumi was given last time, undefined at first. */
  previous: string | undefined;
  /** Host and port of this sandbox's registry. */
  registry: string;
}

/**
 * The dev stack's configuration as Pulumi is given it: the committed file with the salt of the
 * passphrase in use and the registry's port. Pulumi writes the salt into the file it is given; it
 * belongs to the sandbox of one machine and so not into the repository.
 */
export function renderStackConfig({ committed, previous, registry }: StackConfigArgs): string {
  const text = committed.replaceAll(usualRegistry, registry);
  const document = parseDocument(text);
  // Values encrypted by hand can be read with the salt that was written beside them alone.
  if (document.has(saltKey) && /\bsecure:/.test(text)) return text;
  document.delete(saltKey);
  const salt = previous === undefined ? undefined : parseDocument(previous).get(saltKey);
  if (salt !== undefined) document.set(saltKey, salt);
  return document.toString();
}
