import { dirname, isAbsolute, join, parse as parsePath, resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";

export interface StackFileSources {
  readonly stack: string;
  /** Folders in or below which the project may be. */
  readonly folders: readonly string[];
  /** The file that holds the configuration in place of the stack's own, as Pulumi was told it. */
  readonly configFile?: string | undefined;
  /** Gives a file's text, or undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
}

/** The files that a stack's configuration is read from, with its secrets encrypted. */
export interface StackFiles {
  /** How to call them in a sentence. */
  readonly name: string;
  /** What each has under `config`, by full key. */
  readonly configurations: readonly Readonly<Record<string, unknown>>[];
}

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });
const project = z.object({ config: z.unknown(), stackConfigDir: z.unknown() }).partial();
const extensions = ["yaml", "yml", "json"];

/**
 * Finds and reads them. Pulumi does not tell a program which file it took, so there may be several, and
 * none that it took: https://www.pulumi.com/docs/concepts/config/
 */
export function readStackFiles(sources: StackFileSources): StackFiles {
  const { configFile, folders, stack } = sources;
  const paths = configFile
    ? folders.map((folder) => resolve(folder, configFile))
    : folders.flatMap((folder) => findStackFile(folder, sources));
  return {
    name: configFile ?? `Pulumi.${stack}.yaml`,
    configurations: [...new Set(paths)].flatMap((path) => {
      const read = stackFile.safeParse(readDocument(path, sources));
      return read.success ? [read.data.config] : [];
    }),
  };
}

/** Beside the project's file or where that says, as Pulumi looks for it: from the folder upwards. */
function findStackFile(folder: string, sources: StackFileSources): string[] {
  if (!isAbsolute(folder)) return [];
  for (const extension of extensions) {
    const file = join(folder, `Pulumi.${extension}`);
    const read = project.safeParse(readDocument(file, sources));
    if (!read.success) continue;
    const { stackConfigDir, config } = read.data;
    const below = [stackConfigDir, config].find((each) => typeof each === "string") ?? "";
    return [join(folder, String(below), `Pulumi.${sources.stack}.${extension}`)];
  }
  return folder === parsePath(folder).root ? [] : findStackFile(dirname(folder), sources);
}

/** Undefined for a file that is not there; Pulumi itself complains of one that is no YAML. */
function readDocument(path: string, { readFile }: StackFileSources): unknown {
  try {
    return parse(readFile(path) ?? "", { merge: true });
  } catch (error) {
    if (error instanceof YAMLParseError) return undefined;
    throw error;
  }
}
