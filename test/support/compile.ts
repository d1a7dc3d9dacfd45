import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { repository } from "../../toolchain/paths.ts";

/**
 * What the compiler says against programs, given by name, as files of a folder in `folder`; with the
 * repository's options, but for unused names.
 */
export function compile(folder: string, programs: Readonly<Record<string, string>>): string[] {
  const scratch = mkdtempSync(join(folder, "examples-"));
  try {
    const files = Object.entries(programs).map(([name, text]) => {
      const file = join(scratch, `${name}.ts`);
      writeFileSync(file, text);
      return file;
    });
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, readOptions()));
    return diagnostics.map(toText);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function readOptions(): ts.CompilerOptions {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic(fault: ts.Diagnostic) {
      throw new Error(toText(fault));
    },
  };
  const file = join(repository, "tsconfig.json");
  const configuration = ts.getParsedCommandLineOfConfigFile(file, { noUnusedLocals: false }, host);
  return configuration?.options ?? {};
}

function toText({ file, messageText }: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, "\n");
  return file ? `${file.fileName.slice(file.fileName.lastIndexOf("/") + 1)}: ${text}` : text;
}
