import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CommandError,
  type Deployment,
  type EngineEvent,
  type ImportOptions,
  LocalWorkspace,
  type PulumiFn,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { parse, parseDocument, stringify } from "yaml";
import { linkPlugins, pulumiEnvironment } from "../../sandbox/commands/environment.ts";
import { repository } from "../../toolchain/paths.ts";
import { endProcesses, listProcesses } from "./processes.ts";

export interface EngineStackArgs {
  /** What connects the stack to its servers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Default: `dev`, in which nothing is protected. */
  readonly name?: string;
  /** Values by full key, such as `trunkline:group`. Default: {@link devConfiguration}. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Default: the repository's `index.ts`. */
  readonly program?: PulumiFn;
}

/** How one of Pulumi's commands ended. */
export interface Outcome {
  readonly succeeded: boolean;
  /** All that it printed. */
  readonly text: string;
  /** Every event of the engine, as its event log has them. */
  readonly log: string;
  /** What it did or would do, by type and name: `"Project ying-project": "update description"`. */
  readonly steps: Readonly<Record<string, string>>;
  /** The same by URN. */
  readonly changes: readonly Change[];
}

export interface Change {
  readonly operation: string;
  readonly urn: string;
}

/** Flags of a command. */
type Options = Pick<UpOptions, "continueOnError" | "exclude" | "refresh">;

type Command = "up" | "preview" | "refresh" | "destroy";

const stackFile = (folder: string, name: string) => join(folder, `Pulumi.${name}.yaml`);

/**
 * A stack on the real engine with the real plugin processes, its state and Pulumi's home in a
 * temporary folder.
 */
export class EngineStack {
  readonly #stack: Stack;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(stack: Stack, folder: string, environment: Readonly<Record<string, string>>) {
    this.#stack = stack;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async create(args: EngineStackArgs): Promise<EngineStack> {
    const { name = "dev", program, configuration = await devConfiguration() } = args;
    const folder = await mkdtemp(join(tmpdir(), "trunkline-stack-"));
    const home = join(folder, "home");
    await mkdir(join(folder, "state"));
    await linkPlugins(home);
    await writeFile(join(folder, "Pulumi.yaml"), await renderProject());
    await writeFile(stackFile(folder, name), stringify({ config: configuration }));
    const environment = {
      ...pulumiEnvironment(home),
      // As a shell has it that runs pulumi there.
      PWD: folder,
      ...args.environment,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      TRUNKLINE_IMAGES: args.environment.TRUNKLINE_IMAGES ?? "",
    };
    const options = { workDir: folder, envVars: environment };
    const stack = await (program
      ? LocalWorkspace.createStack({ stackName: name, projectName: "trunkline", program }, options)
      : LocalWorkspace.createStack({ stackName: name, workDir: folder }, options));
    return new EngineStack(stack, folder, environment);
  }

  /** Edits the stack's file: values by full key; `undefined` removes one. */
  async configure(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const file = stackFile(this.#folder, this.#stack.name);
    const document = parseDocument(await readFile(file, "utf8"));
    for (const [key, value] of Object.entries(changes)) document.setIn(["config", key], value);
    await writeFile(file, document.toString());
  }

  /** What `pulumi config set --secret --path` does: `trunkline:packages.datahook.variables.TOKEN`. */
  async setSecret(path: string, value: string): Promise<void> {
    await this.#stack.setConfig(path, { value, secret: true }, true);
  }

  /** The folder of the project's file and the stack's. */
  get folder(): string {
    return this.#folder;
  }

  /** Other values for environment variables from now on. */
  connect(environment: Readonly<Record<string, string>>): void {
    Object.assign(this.#stack.workspace.envVars, environment);
  }

  up(options: Options = {}): Promise<Outcome> {
    return this.#run("up", options);
  }

  preview(options: Options = {}): Promise<Outcome> {
    return this.#run("preview", options);
  }

  refresh(): Promise<Outcome> {
    return this.#run("refresh");
  }

  destroy(): Promise<Outcome> {
    return this.#run("destroy");
  }

  import(options: ImportOptions) {
    return this.#stack.import({ generateCode: false, protect: false, ...options });
  }

  /** Runs a program of the repository in the stack's folder, as in a clone. */
  async run(file: string, ...list: string[]): Promise<{ succeeded: boolean; text: string }> {
    const options = {
      cwd: this.#folder,
      env: this.#stack.workspace.envVars,
      all: true,
      reject: false,
    } as const;
    const { failed, all } = await execa("node", [join(repository, file), ...list], options);
    return { succeeded: !failed, text: all };
  }

  /** A file of the stack's folder. */
  readFile(name: string): Promise<string> {
    return readFile(join(this.#folder, name), "utf8");
  }

  /** Starts `pulumi up` in a process group of its own, as a shell does, to be interrupted. */
  startUp(...options: readonly string[]) {
    const fixed = ["--yes", "--skip-preview", "--non-interactive", "--stack", "dev"];
    const list = ["up", ...fixed, ...options];
    const where = { cwd: this.#folder, env: this.#environment, reject: false, detached: true };
    return execa("pulumi", list, where);
  }

  /** Runs a command as it was printed, where the stack is the selected one. */
  shell(line: string) {
    return execa("sh", ["-c", line], { cwd: this.#folder, env: this.#environment, reject: false });
  }

  /** Command lines of the processes that work for this stack. */
  processes(): Promise<string[]> {
    return listProcesses(this.#home());
  }

  #home(): string {
    return `PULUMI_HOME=${join(this.#folder, "home")}`;
  }

  /** Runs a command line as it was printed, in the stack's folder. */
  async runLine(line: string): Promise<string> {
    const options = { cwd: this.#folder, env: this.#environment, shell: true, all: true } as const;
    return (await execa(line, options)).all;
  }

  /** Releases the lock that a killed command left behind. */
  async unlock(): Promise<void> {
    await this.#stack.cancel();
  }

  /** The folder of the file backend. */
  get state(): string {
    return join(this.#folder, "state");
  }

  /** The state as it lies on disk. */
  readState(): Promise<string> {
    return readFile(join(this.state, `.pulumi/stacks/trunkline/${this.#stack.name}.json`), "utf8");
  }

  /** The state with its secrets in clear, as `importState` takes it. */
  exportState(): Promise<Deployment> {
    return this.#stack.exportStack();
  }

  importState(state: Deployment): Promise<void> {
    return this.#stack.importStack(state);
  }

  /** Outputs in clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = Object.entries(await this.#stack.outputs());
    return Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
  }

  /** A killed engine leaves its language host and the program behind: they are ended here. */
  async remove(): Promise<void> {
    await endProcesses(this.#home());
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #run(command: Command, more: Options = {}): Promise<Outcome> {
    const events: EngineEvent[] = [];
    let text = "";
    const print = (printed: string) => {
      text += printed;
    };
    const options = {
      ...more,
      onOutput: print,
      onError: print,
      onEvent: (event: EngineEvent) => events.push(event),
    };
    try {
      if (command === "preview") await this.#stack.preview({ ...options, diff: true });
      else await this.#stack[command](options);
      return { succeeded: true, text, log: JSON.stringify(events), ...toSteps(events) };
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      return { succeeded: false, text, log: JSON.stringify(events), ...toSteps(events) };
    }
  }
}

/** The committed configuration of the dev stack, which takes images as they are. */
export async function devConfiguration(): Promise<Record<string, unknown>> {
  const committed = parse(await readFile(join(repository, "Pulumi.dev.yaml"), "utf8"));
  return {
    ...committed.config,
    "trunkline:images": "existing",
    "gitlab:retries": 1,
    "aptly:retries": 1,
  };
}

/** {@link devConfiguration} with another registry, into which images are built. */
export async function buildingConfiguration(registry: string): Promise<Record<string, unknown>> {
  const { "trunkline:images": _, ...committed } = await devConfiguration();
  return JSON.parse(JSON.stringify(committed).replaceAll("127.0.0.1:5050", registry));
}

async function renderProject(): Promise<string> {
  const project = parse(await readFile(join(repository, "Pulumi.yaml"), "utf8"));
  project.main = join(repository, project.main);
  for (const provider of project.plugins.providers) {
    provider.path = join(repository, provider.path);
  }
  return stringify(project);
}

/** Steps of resources, without those that leave theirs as it is. */
function toSteps(events: readonly EngineEvent[]): Pick<Outcome, "steps" | "changes"> {
  const changing = events.flatMap(({ resourcePreEvent, resOutputsEvent }) => {
    const metadata = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    return metadata && !["same", "read", "refresh"].includes(metadata.op) ? [metadata] : [];
  });
  const steps = changing.map(({ op, urn, detailedDiff }) => {
    const [type = "", name] = urn.split("::").slice(-2);
    const subject = `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
    return [subject, [op, ...Object.keys(detailedDiff ?? {})].join(" ")];
  });
  // Most steps are told twice: as they begin and with their outputs.
  const changes = new Map(
    changing.map(({ op, urn }) => [`${op} ${urn}`, { operation: op, urn }] as const),
  );
  return { steps: Object.fromEntries(steps), changes: [...changes.values()] };
}
