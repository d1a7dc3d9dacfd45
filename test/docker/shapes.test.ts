import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import type { Upload } from "../../sandbox/run-pipeline/uploads.ts";
import { mayRunContainers } from "../../sandbox/services/container-privilege.ts";
import { repository } from "../../toolchain/paths.ts";
import {
  type PipelineRun,
  type PipelinesInDocker,
  startPipelinesInDocker,
} from "../support/pipelines-in-docker.ts";
import { writeRos } from "../support/ros-stand-in.ts";

const possible = await mayRunContainers();
const cleanups = new AsyncDisposableStack();
const examples = ["hookrate", "quantity", "hooknode", "hookprint"];
let runs: Record<"quantity" | "again" | "hookrate" | "hooknode" | "hookprint", PipelineRun>;

beforeAll(async () => {
  if (!possible) return;
  const pipelines = await startPipelinesInDocker(cleanups, planPackages);
  await createRosImage(pipelines);
  const quantity = await pipelines.run("quantity");
  const [again, hookrate, hooknode, hookprint] = await Promise.all([
    pipelines.run("quantity"),
    pipelines.run("hookrate"),
    pipelines.run("hooknode"),
    pipelines.run("hookprint"),
  ]);
  runs = { quantity, again, hookrate, hooknode, hookprint };
});
afterAll(() => cleanups.disposeAsync());
beforeEach(({ skip }) => skip(!possible, "this user may not start containers (CAP_SYS_ADMIN)"));

test("a package with packaging in debian/ becomes all that it says, and works where it is installed", () => {
  const { uploads, log } = runs.hookrate;
  expect(uploads.map(describeUpload)).toEqual([
    "bookworm: hookrate-data 1.1.0~bookworm all, hookrate 1.1.0~bookworm amd64",
    "trixie: hookrate-data 1.1.0~trixie all, hookrate 1.1.0~trixie amd64",
  ]);
  expect(log.match(/^ +rate: 1\.2 Hz$/gm)).toHaveLength(2);
});

test("headers are built once, and every distribution gets the same file", () => {
  const { uploads, log } = runs.quantity;
  const [bookworm, trixie, ...others] = uploads;
  expect(bookworm && describeUpload(bookworm)).toBe("bookworm: quantity 0.3.0-1 all");
  expect(trixie && describeUpload(trixie)).toBe("trixie: quantity 0.3.0-1 all");
  expect(trixie?.packages).toEqual(bookworm?.packages);
  expect(others).toEqual([]);
  expect(log.match(/compile_\w+ +starting/g)).toEqual([expect.stringMatching(/^compile_for_all /)]);
  expect(log.match(/^\w+: installed with apt-get in a clean container/gm)).toHaveLength(2);
});

test("they may be built and uploaded again", () => {
  expect(runs.again.uploads).toEqual(runs.quantity.uploads);
});

test("a package finds ROS in an image that has it, and is built in one without it too", () => {
  expect(runs.hooknode.log).toMatch(/^ +hooknode for ROS humble\n +\{data: 20\.5\}$/m);
  expect(runs.hooknode.log).toMatch(/^ +hooknode for no ROS\n +20\.5$/m);
});

test("a package for one distribution is built and published there alone", () => {
  const { uploads, log } = runs.hookprint;
  expect(uploads.map(describeUpload)).toEqual(["trixie: hookprint 0.1.0-1~trixie amd64"]);
  expect(log).toMatch(/^ +boiler +2 +40\.75$/m);
});

/** The lines of configuration that each example's README tells people to add. */
async function planPackages(registry: string): Promise<Record<string, unknown>> {
  const entries = await Promise.all(examples.map(readEntry));
  const text = JSON.stringify(Object.assign({}, ...entries));
  return JSON.parse(text.replaceAll("registry.example.com", registry));
}

async function readEntry(example: string): Promise<object> {
  const readme = await readFile(join(repository, "examples", example, "README.md"), "utf8");
  const lines = /```yaml\n(.*?)```/s.exec(readme)?.[1] ?? "";
  return parse(lines)["trunkline:packages"];
}

/** The image that hooknode's README names, in Docker alone. */
async function createRosImage({ docker, directory, builderImages, sandbox }: PipelinesInDocker) {
  const folder = join(directory, "ros");
  await writeRos(folder, "humble", "/opt/ros");
  const container = await docker.run(["create", builderImages.bookworm ?? ""]);
  try {
    await docker.run(["cp", folder, `${container}:/opt/ros`]);
    await docker.run(["commit", container, `${sandbox.urls.registry}/ros-humble:bookworm`]);
  } finally {
    await docker.run(["rm", "--force", container]);
  }
}

function describeUpload({ codename, packages }: Upload): string {
  const list = packages.map((each) => `${each.package} ${each.version} ${each.architecture}`);
  return `${codename}: ${list.join(", ")}`;
}
