import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readCases } from "../test/golden/pipeline/cases.ts";
import { hiddenJobs, renderTemplate } from "./template.ts";
import { pipelineVariables } from "./variables.ts";

const shell = join(import.meta.dirname, "shell");
const scripts = readdirSync(shell).filter((name) => name.endsWith(".sh"));
const text = (name: string) => readFileSync(join(shell, name), "utf8");

test("its tag names its content and its interface", () => {
  const { content, tag } = renderTemplate();
  expect(tag).toMatch(/^package-v1-[0-9a-f]{16}$/);
  expect(renderTemplate()).toEqual({ content, tag });
});

test("it has hidden jobs alone, so it runs nothing itself", () => {
  const names = Object.keys(parse(renderTemplate().content, { logLevel: "error" }));
  expect(names).toEqual([...hiddenJobs.map(({ name }) => name), ".shown_by_line"]);
  expect(names.filter((name) => !name.startsWith("."))).toEqual([]);
});

test("it says each script once", () => {
  const { content } = renderTemplate();
  const bodies = scripts.map(
    (name) =>
      `${text(name)
        .trimEnd()
        .replaceAll(/^(?=.)/gm, "      ")}\n`,
  );
  expect(bodies.map((body) => content.split(body).length - 1)).toEqual(scripts.map(() => 1));
});

describe.each(await readCases())("what is committed for $name", ({ pipeline }) => {
  const shellOf = (name: string | undefined) =>
    (hiddenJobs.find((job) => job.name === name)?.beforeScript ?? []).join("\n");

  test("finds in the template what it extends and calls", () => {
    for (const { name, script, ...job } of pipeline.jobs) {
      const calls = Array.isArray(script) ? script.map((line: string) => line.split(" ")[0]) : [];
      const ours = calls.filter((word) =>
        /^(install|compile|collect|expect|upload)_/.test(word ?? ""),
      );
      for (const word of ours) expect(shellOf(job.extends), name).toContain(`\n${word}() `);
    }
  });
});

describe("the variables of the shell", () => {
  const read = new Set(
    scripts.flatMap((name) => text(name).match(/(?<=\$\{?)[A-Z][A-Z0-9_]+/g) ?? []),
  );
  // GitLab's own, apt's and CMake's, and those by which tests shorten a wait or move a folder.
  const others =
    /^(PATH|PWD|CI_.*|GIT_DEPTH|SOURCE_DATE_EPOCH|CMAKE_.*|CPACK_.*|ENV|DEB_.*|ROS_DISTRO|ROS_FOLDER|RETRY_SECONDS|BUSY_TRIES)$/;

  test("are all in the table", () => {
    const unknown = [...read].filter((key) => !others.test(key) && !(key in pipelineVariables));
    expect(unknown).toEqual([]);
  });

  test("are all that the table says, but for the runner's", () => {
    const unread = Object.keys(pipelineVariables).filter(
      (key) => !scripts.some((name) => text(name).includes(key)) && key !== "GIT_STRATEGY",
    );
    expect(unread).toEqual([]);
  });
});
