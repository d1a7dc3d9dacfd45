import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
} from "../../pipeline/debian-package.ts";
import type { AptlyFront } from "./aptly-front.ts";
import { type AptlyBinary, type AptlyScene, startAptly } from "./aptly-scene.ts";
import { type FileServer, serveFiles } from "./file-server.ts";
import {
  buildDebianFile,
  createJobDirectory,
  type DebianFile,
  type JobDirectory,
  type JobResult,
} from "./pipeline-job.ts";

export const deb: DebianFile = {
  package: "ying",
  version: "1.2.0-1~bookworm",
  architecture: "amd64",
  content: "a",
};

/** An upload job that has its packages, and the aptly it uploads to; a new one for each test. */
export interface UploadScene {
  readonly aptly: AptlyScene;
  readonly job: JobDirectory;
  /** Part of the names that only this test uses: `infra<number>`, `trunk_<number>`. */
  readonly number: number;
  /** Runs the upload job, with other variables where given. */
  upload(changes?: Record<string, string>, shell?: string): Promise<JobResult>;
  /** Replaces the built package. */
  build(file: DebianFile): Promise<void>;
  /** What the local repository holds. */
  packages(): Promise<string[] | undefined>;
}

/** Starts it before the tests of a `describe` block, and stops it after them. */
export function useUploadScene(
  binary: AptlyBinary,
  changes: Partial<DebianPackagePipelineArgs> = {},
): UploadScene {
  let aptly: AptlyScene;
  let files: FileServer;
  let job: JobDirectory;
  let number = 0;

  beforeAll(async () => {
    aptly = await startAptly(binary);
    files = await serveFiles(aptly.published);
  });
  afterAll(async () => {
    await files?.stop();
    await aptly?.stop();
  });
  beforeEach(async () => {
    number += 1;
    const apt = { prefix: `trunk_${number}`, repository: `infra${number}`, component: "main" };
    const architectures = changes.architectures?.map(({ name }) => name) ?? ["amd64"];
    await createPublication(aptly, apt, "bookworm", architectures);
    job = await createJobDirectory(
      debianPackagePipeline({
        package: "ying",
        targets: [{ codename: "bookworm", image: "none" }],
        tags: [],
        installPrefix: "/usr",
        apt: { ...apt, architectures, signingKey: aptly.key },
        origin: "a test",
        ...changes,
      }),
    );
    await build(deb);
  });
  afterEach(async () => {
    aptly.front.meddle = undefined;
    await job.remove();
    const uploads = await aptly.raw("GET", "/files");
    expect(uploads).not.toContain(`ying-bookworm-${number}`);
  });

  async function build(file: DebianFile): Promise<void> {
    await buildDebianFile(job.path, "whatever.deb", file);
    const { exitCode, log } = await job.runWithoutCompiler("compile_on_bookworm");
    expect(exitCode, log).toBe(0);
  }

  return {
    get aptly() {
      return aptly;
    },
    get job() {
      return job;
    },
    get number() {
      return number;
    },
    upload(changes = {}, shell) {
      const { url, username, password } = aptly.front.configuration;
      const variables = {
        APTLY_URL: `${url}/`,
        APTLY_USERNAME: username,
        APTLY_PASSWORD: password,
        APT_URL: files.url,
        CI_JOB_ID: `${number}`,
        RETRY_SECONDS: "0",
        ...changes,
      };
      return job.run("upload_on_bookworm", variables, shell);
    },
    build,
    packages: () => aptly.raw("GET", `/repos/infra${number}_bookworm/packages`),
  };
}

/** An empty local repository, and its publication. */
export async function createPublication(
  aptly: AptlyScene,
  apt: { readonly prefix: string; readonly repository: string },
  codename: string,
  architectures: readonly string[] = ["amd64"],
): Promise<void> {
  const name = `${apt.repository}_${codename}`;
  await aptly.raw("POST", "/repos", { Name: name });
  await aptly.raw("POST", `/publish/${apt.prefix.replaceAll("_", "__")}`, {
    SourceKind: "local",
    Sources: [{ Name: name, Component: "main" }],
    Distribution: codename,
    Architectures: architectures,
    Signing: { Batch: true, GpgKey: aptly.key },
  });
}

/** A row of aptly's list of packages, of the file `deb`. */
export function heldAs(fields: { readonly SHA256: string }) {
  const { package: Package, version: Version, architecture: Architecture } = deb;
  return { Key: "", Package, Version, Architecture, Size: "1", ...fields };
}

/** Answers in aptly's stead when it is asked what the repository holds once files were added. */
export function answerSecondQuestion(answer: () => Promise<object>): AptlyFront["meddle"] {
  let questions = 0;
  return async (call) => {
    if (!call.startsWith("GET /repos")) return undefined;
    questions += 1;
    return questions > 1 ? { status: 200, body: await answer() } : undefined;
  };
}
