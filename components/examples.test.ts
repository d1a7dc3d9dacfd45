import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = import.meta.dirname;
const files = readdirSync(folder).filter((file) => /^(?!.*\.test\.ts$).*\.ts$/.test(file));

/** What the examples take as given. */
const preamble = `
import {
  AptlyServer, AptRepository, BuilderImage, PackageGroup, PackageProject, Runner, RunnerFleet, RunnerHost,
} from "../index.ts";
import type { Pipeline } from "../../pipeline/model.ts";
declare const pipeline: Pipeline;
declare const group: PackageGroup;
declare const runner: Runner;
declare const hostKey: string;
declare const url: string, aptUrl: string, username: string, password: string;
`;

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(folder, "examples-"));
});
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe("the examples in the docs", () => {
  it("are there for every component", () => {
    const undocumented = files
      .filter((file) => / extends Component \{/.test(read(file)))
      .filter((file) => examplesOf(file).length === 0);
    expect(undocumented).toEqual([]);
  });

  it("compile against the components as they are", () => {
    const programs = files.flatMap((file) =>
      examplesOf(file).map((example, index) => {
        const path = join(scratch, `${file.replace(".ts", "")}-${index}.ts`);
        writeFileSync(path, preamble + example);
        return path;
      }),
    );
    expect(programs.length).toBeGreaterThan(0);
    expect(compile(programs)).toEqual([]);
  });

  it("are a whole program for aptly's server", () => {
    const [, program = ""] = /^```ts\n([\s\S]*?)^```/m.exec(read("../docs/aptly-server.md")) ?? [];
    const path = join(scratch, "aptly-server-program.ts");
    writeFileSync(path, program.replace('"../components/', '"../'));
    expect(program).toContain("new AptlyServer(");
    expect(compile([path])).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

function examplesOf(file: string): string[] {
  return [...read(file).matchAll(/^ \* ```ts\n([\s\S]*?)^ \* ```/gm)].map(([, code = ""]) =>
    code.replaceAll(/^ \* ?/gm, ""),
  );
}

function compile(programs: string[]): string[] {
  const configuration = ts.getParsedCommandLineOfConfigFile(
    join(folder, "../tsconfig.json"),
    { noUnusedLocals: false },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (fault) => expect.fail(textOf(fault)) },
  );
  const options = configuration?.options ?? {};
  return ts.getPreEmitDiagnostics(ts.createProgram(programs, options)).map(textOf);
}

function textOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, "\n");
}
