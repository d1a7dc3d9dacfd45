import { DockerContainer } from "./docker-container.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { containerInputs, imageInputs, volumeInputs } from "./docker-inputs.ts";
import type { Recorded } from "./recorder.ts";

export interface DockerHostOptions {
  /** Default: the engine's own, in which ports are opened. */
  readonly network?: string;
  /** Where this machine has a file that containers are given: by the components' path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Brings the resources of `@pulumi/docker` that a program declared to a real engine. */
export class DockerHost {
  readonly #engine: DockerEngine;
  readonly #network: string;
  readonly #files: Readonly<Record<string, string>>;
  readonly #containers = new Map<string, DockerContainer>();

  constructor(engine: DockerEngine, { network, files = {} }: DockerHostOptions = {}) {
    this.#engine = engine;
    this.#network = network ?? engine.network;
    this.#files = files;
  }

  /** What the resources tell the program, for the recorder. */
  outputs({ type, name, inputs }: Recorded): Readonly<Record<string, unknown>> {
    if (type === "docker:index/remoteImage:RemoteImage") return { imageId: inputs.name };
    return type === "docker:index/volume:Volume" ? { name } : {};
  }

  /** Creates them in their order; each container is healthy before the next resource. */
  async create(declared: readonly Recorded[]): Promise<void> {
    for (const { type, name, inputs } of declared) {
      if (type === "docker:index/remoteImage:RemoteImage") {
        await this.#engine.run(["pull", "--quiet", imageInputs.parse(inputs).name]);
      } else if (type === "docker:index/volume:Volume") {
        volumeInputs.parse(inputs);
        await this.#engine.run(["volume", "create", name]);
      } else if (type === "docker:index/container:Container") {
        this.#containers.set(name, await this.#start(inputs));
      }
    }
  }

  /** The newest container of a name. */
  container(name: string): DockerContainer {
    const found = this.#containers.get(name);
    if (found) return found;
    throw new Error(`there is no container ${name}`);
  }

  #start(recorded: Recorded["inputs"]): Promise<DockerContainer> {
    const inputs = containerInputs.parse(recorded);
    const mounts = inputs.mounts.map((mount) => {
      return { ...mount, source: this.#files[mount.source] ?? mount.source };
    });
    return DockerContainer.start(this.#engine, { ...inputs, mounts }, this.#network);
  }
}
