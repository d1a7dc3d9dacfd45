import { readFile } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import { AdoptError } from "./adopt-error.ts";

/** Pulumi's commands on one stack. */
export class StackCommands {
  readonly stack: string;

  constructor(stack: string) {
    this.stack = stack;
  }

  /** Values by full key as the program gets them, secrets in clear. They stay in this process. */
  async configuration(file?: string): Promise<Record<string, string>> {
    const from = file === undefined ? [] : ["--config-file", file];
    const printed = await this.#read(["config", "--json", "--show-secrets", ...from]);
    const values = z
      .record(z.string(), z.object({ value: z.string().optional() }))
      .parse(JSON.parse(printed));
    return Object.fromEntries(Object.entries(values).map(([key, { value = "" }]) => [key, value]));
  }

  /** Encrypts a value into a file; it goes there by standard input. */
  async setSecret(configFile: string, path: string, value: string): Promise<void> {
    // Pulumi takes one line break off the end.
    const list = ["config", "set", "--secret", "--path", path, "--config-file", configFile];
    await this.#read(list, `${value}\n`);
  }

  async urns(): Promise<string[]> {
    const printed = await this.#read(["stack", "export"]);
    const { deployment } = state.parse(JSON.parse(printed));
    return (deployment.resources ?? []).map(({ urn }) => urn);
  }

  async import(file: string): Promise<void> {
    const { resources } = z
      .object({ resources: z.array(z.unknown()) })
      .parse(JSON.parse(await readFile(file, "utf8")));
    if (resources.length === 0) return;
    const flags = ["--generate-code=false", "--protect=false", "--yes", "--skip-preview"];
    await this.#show(["import", "--file", file, ...flags]);
  }

  async preview(): Promise<void> {
    await this.#show(["preview", "--diff"]);
  }

  async #read(list: readonly string[], input = ""): Promise<string> {
    const options = { input, reject: false } as const;
    const { failed, stdout, stderr } = await execa("pulumi", this.#on(list), options);
    if (failed) throw new AdoptError(stderr.trim().replace(/^error: /, ""));
    return stdout;
  }

  async #show(list: readonly string[]): Promise<void> {
    const options = { stdio: ["ignore", "inherit", "inherit"], reject: false } as const;
    const { failed } = await execa("pulumi", this.#on(list), options);
    if (failed) throw new AdoptError(`pulumi ${list[0]} failed as it says above.`);
  }

  #on(list: readonly string[]): string[] {
    return [...list, "--stack", this.stack, "--non-interactive"];
  }
}

const state = z.object({
  deployment: z.object({ resources: z.array(z.object({ urn: z.string() })).nullish() }),
});
