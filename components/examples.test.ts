import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../test/support/compile.ts";

const folder = import.meta.dirname;
const files = readdirSync(folder).filter((file) => /^(?!.*\.test\.ts$).*\.ts$/.test(file));
/** Documents with programs for those who use the components. */
const documents = ["components.md", "aptly-server.md"];

/** What the examples take as given. */
const preamble = `
import type * as gitlab from "@pulumi/gitlab";
import {
  AptlyServer, AptMirror, AptRepository, BuilderImage, type Pipeline, PackageGroup, PackageProject, Runner,
  renderTemplate, DestroyGuard, RunnerHost, TemplateProject, type Transform,
} from "../index.ts";
declare const pipeline: Pipeline;
declare const group: PackageGroup;
declare const runner: Runner;
declare const hostKey: string;
declare const url: string, aptUrl: string, username: string, password: string;
`;

describe("the examples in the docs", () => {
  it("are there for every component", () => {
    const undocumented = files
      .filter((file) => / extends Component \{/.test(read(file)))
      .filter((file) => examplesOf(file).length === 0);
    expect(undocumented).toEqual([]);
  });

  it("are whole programs in the documents", () => {
    expect(documents.filter((document) => programsOf(document).length === 0)).toEqual([]);
  });

  // One run of the compiler, which takes longer than the examples themselves.
  it("compile against the components as they are", { timeout: 60_000 }, () => {
    const programs = [
      ...files.flatMap((file) =>
        named(
          file,
          examplesOf(file).map((text) => preamble + text),
        ),
      ),
      ...documents.flatMap((document) => named(document, programsOf(document))),
    ];
    expect(compile(folder, Object.fromEntries(programs))).toEqual([]);
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

/** The programs of a document, as files of this folder's neighbours. */
function programsOf(document: string): string[] {
  const found = read(`../docs/${document}`).matchAll(/^```ts\n([\s\S]*?)^```/gm);
  return [...found].map(([, program = ""]) =>
    program
      .replace('"../components/', '"../')
      .replace('"trunkline"', '"../index.ts"')
      .replace('"trunkline/gitlab"', '"@pulumi/gitlab"'),
  );
}

function named(file: string, texts: readonly string[]): [name: string, text: string][] {
  return texts.map((text, index) => [`${file.replace(/\.\w+$/, "")}-${index}`, text]);
}
