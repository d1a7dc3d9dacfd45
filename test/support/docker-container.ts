import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { DockerEngine } from "./docker-engine.ts";
import { type ContainerInputs, modeOf, toContainer } from "./docker-inputs.ts";

/** A container that was brought to an engine by the calls of Pulumi's plugin. */
export class DockerContainer {
  readonly #engine: DockerEngine;
  readonly #id: string;
  readonly #inputs: ContainerInputs;

  private constructor(engine: DockerEngine, id: string, inputs: ContainerInputs) {
    this.#engine = engine;
    this.#id = id;
    this.#inputs = inputs;
  }

  /** Starts one and waits until its own check finds it healthy. */
  static async start(engine: DockerEngine, inputs: ContainerInputs, network: string) {
    const id = await engine.create(toContainer(inputs, network));
    for (const upload of inputs.uploads) await engine.unpack(id, await pack(upload));
    await engine.run(["start", id]);
    const container = new DockerContainer(engine, id, inputs);
    await container.#waitUntilHealthy();
    return container;
  }

  /** Runs a command line in it and gives what it prints. */
  run(line: string): Promise<string> {
    return this.#engine.run(["exec", this.#id, "sh", "-c", line]);
  }

  /** What its processes have written. */
  logs(): Promise<string> {
    return this.#engine.run(["logs", this.#id], { all: true });
  }

  /** Removes it as the plugin does: after its grace, or else at once. */
  async remove(): Promise<void> {
    const { destroyGraceSeconds } = this.#inputs;
    if (destroyGraceSeconds) {
      await this.#engine.run(["stop", "--time", `${destroyGraceSeconds}`, this.#id]);
    }
    await this.#engine.run(["rm", "--force", this.#id]);
  }

  async #waitUntilHealthy(): Promise<void> {
    const inspect = (format: string) => this.#engine.run(["inspect", "--format", format, this.#id]);
    for (let tries = 0; tries < this.#inputs.waitTimeout * 4; tries += 1) {
      const state = await inspect("{{.State.Health.Status}} {{.RestartCount}}");
      if (state === "healthy 0") return;
      if (state !== "starting 0") break;
      await sleep(250);
    }
    const state = await inspect("{{json .State}}");
    throw new Error(`the container is not healthy: ${state}\n${await this.logs()}`);
  }
}

/** A tar archive of one file that belongs to root. */
async function pack(upload: ContainerInputs["uploads"][number]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-upload-"));
  try {
    const path = join(folder, upload.file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, upload.content);
    await chmod(path, Number.parseInt(modeOf(upload), 8));
    const owner = ["--numeric-owner", "--owner=0", "--group=0"];
    const words = ["--create", ...owner, "--directory", folder, upload.file.slice(1)];
    return (await execa("tar", words, { encoding: "buffer" })).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
