import { runtime } from "@pulumi/pulumi";
import type resources from "@pulumi/pulumi/proto/resource_pb.js";
import type { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import { getMonitor } from "@pulumi/pulumi/runtime/settings.js";

/** A resource that the stack's program declares. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly isComponent: boolean;
  /** Of the plugin that it wants; empty for a component. */
  readonly version: string;
  /** Type and name of its component. */
  readonly parent: { readonly type: string; readonly name: string } | undefined;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Its id where it is there already. */
  readonly id: string | undefined;
}

export interface DeclaredRequest {
  readonly stack: string;
  /** The stack's whole configuration, by full key, secrets in clear. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The id by which what a program asks for is there already. */
  readonly identify: (type: string, inputs: Declared["inputs"]) => string | undefined;
  /** Answers a lookup. */
  readonly lookUp: (token: string, inputs: Declared["inputs"]) => Declared["inputs"];
}

/**
 * Runs the stack's program without the engine and gives what it declares, with names and parents as the
 * engine would get them. Nothing is created. Runs once in a process.
 */
export async function readDeclared(request: DeclaredRequest): Promise<Declared[]> {
  const declared: Declared[] = [];
  const placed = new Map<string, Placed>();
  const mocks: ConstructorParameters<typeof MockMonitor>[0] = {
    newResource({ type, name, custom, inputs }) {
      const id = custom ? request.identify(type, inputs) : undefined;
      const { parent, version = "" } = placed.get(`${type} ${name}`) ?? {};
      declared.push({ type, name, isComponent: !custom, version, parent, inputs, id });
      return { id: id ?? `new ${name}`, state: { ...inputs, ...toOutputs(type, id) } };
    },
    call: ({ token, inputs }) => request.lookUp(token, inputs),
  };
  // The organization of backends that have none.
  await runtime.setMocks(mocks, "trunkline", request.stack, false, "organization");
  notePlaces(placed);
  runtime.setAllConfig({ ...request.configuration });
  await import("../index.ts");
  await runtime.disconnect();
  return declared;
}

type Placed = Partial<Pick<Declared, "parent" | "version">>;

/** The stand-in for the engine tells mocks nothing of these. */
function notePlaces(placed: Map<string, Placed>): void {
  const monitor = getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (message: resources.RegisterResourceRequest, callback) => {
    placed.set(`${message.getType()} ${message.getName()}`, {
      parent: fromUrn(message.getParent()),
      version: message.getVersion(),
    });
    return register(message, callback);
  };
}

/** The stack itself has no parent here. */
function fromUrn(urn: string): Declared["parent"] {
  const [types = "", name] = urn.split("::").slice(-2);
  if (!urn || name === undefined) return undefined;
  return { type: types.slice(types.lastIndexOf("$") + 1), name };
}

/** What the program reads of objects that are not there yet. */
function toOutputs(type: string, id: string | undefined) {
  const [number] = /\d+$/.exec(id ?? "") ?? [];
  const unknown = "unknown";
  if (type.endsWith(":PipelineSchedule")) return { pipelineScheduleId: Number(number ?? 0) };
  if (type.endsWith(":UserRunner")) return { token: unknown };
  return { ref: unknown, digest: unknown };
}
