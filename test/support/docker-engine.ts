import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { dockerService } from "../../sandbox/services/docker.ts";
import type { SandboxLayout } from "../../sandbox/services/layout.ts";

/** A Docker engine of a test's own; its containers' ports can be opened on this machine. */
export class DockerEngine {
  readonly network = "trunkline-test";
  readonly #layout: SandboxLayout;

  private constructor(layout: SandboxLayout) {
    this.#layout = layout;
  }

  /** Needs what `mayRunContainers` asks for. */
  static async start(layout: SandboxLayout): Promise<DockerEngine> {
    await dockerService(layout).start();
    const engine = new DockerEngine(layout);
    try {
      await engine.run(["network", "create", engine.network]);
    } catch (error) {
      await dockerService(layout).stop();
      throw error;
    }
    return engine;
  }

  /** Ends it and all its containers. */
  async stop(): Promise<void> {
    try {
      const containers = await this.run(["ps", "--all", "--quiet"]);
      if (containers !== "") await this.run(["rm", "--force", ...containers.split("\n")]);
      await this.run(["network", "rm", this.network]);
    } finally {
      await dockerService(this.#layout).stop();
    }
  }

  get socket(): string {
    return this.#layout.dockerSocket;
  }

  /** Runs Docker's command and gives what it prints, with `all` to standard error, too. */
  async run(list: readonly string[], { input = "", all = false } = {}): Promise<string> {
    // The older builder comes with the engine; the newer one would be a program more.
    const env = { DOCKER_HOST: `unix://${this.socket}`, DOCKER_BUILDKIT: "0" };
    const result = await execa("docker", list, { env, input, all: true });
    return all ? result.all : result.stdout;
  }

  /** Creates a container and gives its id. https://docs.docker.com/reference/api/engine/ */
  async create(container: object): Promise<string> {
    const body = Buffer.from(JSON.stringify(container));
    const answer = await this.#send("POST", "/containers/create", "application/json", body);
    return (answer as { Id: string }).Id;
  }

  /** Unpacks an archive in a container. */
  async unpack(id: string, archive: Uint8Array): Promise<void> {
    const path = `/containers/${id}/archive?path=/`;
    await this.#send("PUT", path, "application/x-tar", archive);
  }

  async #send(method: string, path: string, type: string, body: Uint8Array): Promise<unknown> {
    const headers = { "Content-Type": type, "Content-Length": body.length };
    const outgoing = request({ socketPath: this.socket, method, path, headers });
    return new Promise((resolve, reject) => {
      outgoing.on("error", reject);
      outgoing.on("response", (answer) => readAnswer(answer).then(resolve, reject));
      outgoing.end(body);
    });
  }
}

async function readAnswer(answer: IncomingMessage): Promise<unknown> {
  const { statusCode = 500 } = answer;
  const told = await text(answer);
  if (statusCode >= 300) throw new Error(`Docker answered ${statusCode}: ${told}`);
  return told === "" ? undefined : JSON.parse(told);
}
