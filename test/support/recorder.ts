import { runtime } from "@pulumi/pulumi";
import { fromWire } from "../../plugins/kit/wire.ts";

/** A resource that a program declared. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** Inputs as the engine would get them; secrets unwrapped. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/**
 * Runs a program against a stand-in for the engine and gives what it declared, in the order of
 * registration, once nothing is under way any more. Outputs are the inputs, `<name>-id` as id, and what
 * `outputs` adds; for a function's result its token is the type.
 */
export async function record(
  program: () => void,
  outputs: (resource: Recorded) => Readonly<Record<string, unknown>> = () => ({}),
): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        const resource = { type, name, inputs: fromWire(inputs).values };
        recorded.push(resource);
        return { id: `${name}-id`, state: { ...inputs, ...outputs(resource) } };
      },
      call: ({ token, inputs }) => ({ ...inputs, ...outputs({ type: token, name: "", inputs }) }),
    },
    "trunkline",
    "test",
  );
  program();
  await runtime.disconnect();
  return recorded;
}

export function named(recorded: readonly Recorded[], name: string): Recorded {
  const found = recorded.find((resource) => resource.name === name);
  if (found) return found;
  throw new Error(`no ${name} among ${recorded.map((resource) => resource.name).join(", ")}`);
}
