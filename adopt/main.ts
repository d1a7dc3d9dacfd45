import { writeFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { RunError } from "@pulumi/pulumi";
import { selectConfiguration } from "../configuration/configuration.ts";
import { Aptly } from "../plugins/aptly/client.ts";
import { GitLab } from "../plugins/gitlab/client.ts";
import { ApiError } from "../plugins/kit/api-error.ts";
import { ConfigError } from "../validation/config-error.ts";
import { AdoptError } from "./adopt-error.ts";
import { type Adoption, planAdoption } from "./adoption.ts";
import { type AptlyWorld, readAptly } from "./aptly-world.ts";
import { type Declared, readDeclared } from "./declared.ts";
import { type GitLabWorld, readGitLab } from "./gitlab-world.ts";
import { identifier } from "./identify.ts";
import { listCreations, toImportFile } from "./import-file.ts";
import { answerLookup } from "./lookups.ts";
import { StackCommands } from "./pulumi.ts";
import { renderReport } from "./report.ts";
import { readServers } from "./servers.ts";
import { writeStackFile } from "./stack-file.ts";

const usage =
  "Usage: npm run adopt -- --stack <stack> --group <group> [--take-over-pipelines] [--skip <project>]...";

/** Reads a group and an aptly server into a stack. It writes to neither of them. */
async function adopt(): Promise<void> {
  const { stack, group, skipped, takeOver } = readArguments();
  const commands = new StackCommands(stack);
  const before = await commands.configuration();
  const servers = readServers(before, process.env);
  const [gitlab, aptly] = await Promise.all([
    readGitLab(new GitLab(servers.gitlab), group),
    readAptly(new Aptly(servers.aptly)),
  ]);
  const configured = withNamespace(selectConfiguration(before));
  const today = new Date();
  const adoption = planAdoption({ gitlab, aptly, configured, skipped, takeOver, today });
  const urns = await commands.urns();
  const file = resolve(`Pulumi.${stack}.yaml`);
  const declared = await configure(commands, file, { adoption, gitlab, aptly });
  const importFile = toImportFile(declared, urns);
  const imports = resolve(`import.${stack}.json`);
  await writeFile(imports, `${JSON.stringify(importFile, null, 2)}\n`);
  process.stdout.write(
    renderReport({
      adoption,
      creations: listCreations(declared, urns),
      imported: importFile.resources.filter(({ id }) => id !== undefined).length,
      files: [relative("", file), relative("", imports)],
    }),
  );
  await commands.import(imports);
  await commands.preview();
}

interface Read {
  readonly adoption: Adoption;
  readonly gitlab: GitLabWorld;
  readonly aptly: AptlyWorld;
}

/** Writes the stack's file once the program accepts it, and gives what the program then declares. */
async function configure(
  commands: StackCommands,
  file: string,
  { adoption, gitlab, aptly }: Read,
): Promise<readonly Declared[]> {
  let declared: readonly Declared[] = [];
  await writeStackFile({
    file,
    adoption,
    setSecret: (draft, path, value) => commands.setSecret(draft, path, value),
    check: async (draft) => {
      declared = await readDeclared({
        stack: commands.stack,
        configuration: await commands.configuration(draft),
        identify: identifier(gitlab, aptly),
        lookUp: answerLookup(gitlab),
      });
    },
  });
  return declared;
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        stack: { type: "string" },
        group: { type: "string" },
        skip: { type: "string", multiple: true, default: [] },
        "take-over-pipelines": { type: "boolean", default: false },
      },
    });
    const { stack, group, skip, "take-over-pipelines": takeOver } = values;
    if (!stack || !group)
      throw new AdoptError(`--${stack ? "group" : "stack"} is missing. ${usage}`);
    return { stack, group, skipped: skip, takeOver };
  } catch (error) {
    if (error instanceof TypeError) throw new AdoptError(`${error.message}. ${usage}`);
    throw error;
  }
}

function withNamespace(own: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [`trunkline:${key}`, value]));
}

/** What the user can do something about is a sentence; anything else is our mistake, with its trace. */
function isExpected(error: unknown): error is Error {
  const kinds = [ApiError, ConfigError, AdoptError];
  return kinds.some((kind) => error instanceof kind) || RunError.isInstance(error);
}

try {
  await adopt();
} catch (error) {
  if (!isExpected(error)) throw error;
  process.stderr.write(`adopt: ${error.message}\n`);
  process.exitCode = 1;
}
