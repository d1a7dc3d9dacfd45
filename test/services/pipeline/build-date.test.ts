import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { debianPackagePipeline } from "../../../pipeline/debian-package.ts";
import { findMissingCommands } from "../../support/example-build.ts";
import { type Commit, fetchInto, writeHistory } from "../../support/history.ts";
import { createJobDirectory } from "../../support/pipeline-job.ts";
import { tinyCMake } from "../../support/tiny-source.ts";

const shell = join(import.meta.dirname, "../../../pipeline/shell");
const missing = await findMissingCommands(["cmake", "make", "ccache"]);

const source = { "CMakeLists.txt": tinyCMake(), "data.txt": "a\n" };
const first: Commit = { date: 1_600_000_000, files: source };
const ofPipeline = (count: number): Commit[] =>
  Array.from({ length: count }, (_, index) => ({
    date: 1_600_100_000 + index,
    files: { ".gitlab-ci.yml": `# ${index}\n`, ".gitlab/package.yml": `# ${index}\n` },
  }));

async function dateOf(url: string, depth: number, change?: (folder: string) => Promise<unknown>) {
  const folder = await mkdtemp(join(tmpdir(), "trunkline clone-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await fetchInto(folder, url, depth);
  await change?.(folder);
  const scripts = ["handoff", "same-bytes"].map((name) => `. '${shell}/${name}.sh'`);
  const line = [...scripts, "set_build_date", 'printf %s "$SOURCE_DATE_EPOCH"'].join("\n");
  const env = { GIT_DEPTH: `${depth}` };
  const { stdout, stderr, exitCode } = await execa("sh", ["-c", line], {
    cwd: folder,
    env,
    reject: false,
  });
  return { date: Number(stdout), stderr, exitCode };
}

const depths = [1, 20, 50, 0];
const histories: Record<string, { commits: Commit[]; date: number }> = {
  "commits to the pipeline alone": { commits: [first, ...ofPipeline(250)], date: 1_600_000_000 },
  "a merge that brings nothing but pipeline to a branch's source": {
    commits: [
      first,
      { date: 1_600_000_100, files: { ".gitlab-ci.yml": "# main\n" } },
      { date: 1_600_000_050, files: { "data.txt": "b\n" }, parents: [1] },
      {
        date: 1_600_000_200,
        files: { ".gitlab-ci.yml": "# main\n" },
        parents: [3, 2],
      },
      ...ofPipeline(30),
    ],
    date: 1_600_000_050,
  },
  "a merge of two sources": {
    commits: [
      first,
      { date: 1_600_000_100, files: { "a.txt": "a\n" } },
      { date: 1_600_000_050, files: { "data.txt": "b\n" }, parents: [1] },
      { date: 1_600_000_200, files: { "data.txt": "b\n" }, parents: [2, 3] },
      ...ofPipeline(30),
    ],
    date: 1_600_000_200,
  },
  "a submodule that moved": {
    commits: [
      { ...first, files: { ...source, "lib/yang": "1".repeat(40) } },
      { date: 1_600_000_020, files: { "lib/yang": "2".repeat(40) } },
      ...ofPipeline(30),
    ],
    date: 1_600_000_020,
  },
};

describe.each(Object.entries(histories))("After %s", (_name, { commits, date }) => {
  it("the build's date is the last change of the source, at every depth", async () => {
    const url = await writeHistory(commits);
    for (const depth of depths) {
      expect(await dateOf(url, depth), `depth ${depth}`).toMatchObject({ date, exitCode: 0 });
    }
  });
});

it("nothing is fetched where the clone tells", async () => {
  const url = await writeHistory([first, { date: 2, files: { a: "a" } }, ...ofPipeline(3)]);
  expect(await dateOf(url, 20)).toEqual({ date: 2, stderr: "", exitCode: 0 });
  expect(await dateOf(url, 5)).toMatchObject({ date: 2, stderr: "" });
  expect((await dateOf(url, 4)).stderr).toMatch(/^fetching 200 commits/);
});

it("a clone that cannot be deepened fails, and says what to set", async () => {
  const url = await writeHistory([first, ...ofPipeline(3)]);
  const forget = (folder: string) =>
    execa("git", ["remote", "set-url", "origin", "file:///nowhere"], { cwd: folder });
  const { stderr, exitCode } = await dateOf(url, 2, forget);
  expect(stderr).toMatch(/git fetches no more: set the variable GIT_DEPTH to 0 \(it is 2\)$/);
  expect(exitCode).toBe(1);
});

it("a repository of the pipeline's files alone has no date", async () => {
  const url = await writeHistory(ofPipeline(2));
  const { stderr, exitCode } = await dateOf(url, 0);
  expect(stderr).toContain("no commit has anything but the pipeline's files");
  expect(exitCode).toBe(1);
});

it("git is given the job's token where the address has none", async () => {
  const line = `. '${shell}/same-bytes.sh'\nown_git -c credential.helper="$job_credentials" credential fill`;
  const input = "protocol=https\nhost=gitlab.example.com\n\n";
  const env = { CI_JOB_TOKEN: "a token", GIT_CONFIG_GLOBAL: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
  const { stdout } = await execa("sh", ["-c", line], { input, env });
  expect(stdout).toContain("username=gitlab-ci-token\npassword=a token");
});

it("a package has the same bytes at every depth", async ({ skip }) => {
  skip(missing.length > 0, `needs ${missing.join(", ")}`);
  const url = await writeHistory([first, ...ofPipeline(60)]);
  const pipeline = debianPackagePipeline({
    package: "tiny",
    targets: [{ codename: "bookworm", image: "none" }],
    tags: [],
    installPrefix: "/usr",
    apt: { prefix: "", repository: "infra", component: "main", architectures: ["amd64"] },
    origin: "a test",
  });
  const packages: Buffer[] = [];
  for (const depth of depths) {
    const job = await createJobDirectory(pipeline);
    onTestFinished(job.remove);
    await fetchInto(job.path, url, depth);
    const { exitCode, log } = await job.run("compile_on_bookworm", { GIT_DEPTH: `${depth}` });
    expect(exitCode, log).toBe(0);
    packages.push(await readFile(join(job.path, "packages/tiny_1.0-1~bookworm_amd64.deb")));
  }
  expect(new Set(packages.map((each) => each.toString("base64"))).size).toBe(1);
});
