import type { Trouble } from "./aptly-front.ts";
import type { Servers } from "./servers.ts";

/** The calls that a fault befell. */
export interface Cuts {
  /** In their order: `gitlab: POST /projects/7/variables`. */
  readonly befallen: readonly string[];
  /** Lets everything through again. */
  clear(): void;
}

/**
 * Meets every writing call of a stack with a fault, each address once, so that the same call sent again
 * gets through. Calls of the test itself do not come this way.
 */
export function cutEachWrite(servers: Servers, trouble: Trouble): Cuts {
  return befall(servers, trouble, () => true);
}

/**
 * Keeps back the answer of one writing call: the first that is asked for and not in `known`, which it
 * joins. `gitlab: POST /groups`
 */
export function holdNewWrite(
  servers: Servers,
  known: Set<string>,
  isAsked: (call: string) => boolean,
): Cuts {
  let isHolding = false;
  return befall(servers, "hold", (call) => {
    if (isHolding || known.has(call) || !isAsked(call)) return false;
    isHolding = true;
    known.add(call);
    return true;
  });
}

function befall(
  { gitlab, aptly }: Servers,
  trouble: Trouble,
  asks: (call: string) => boolean,
): Cuts {
  const befallen: string[] = [];
  const met = new Set<string>();
  const isNew = (call: string) => {
    if (/ GET /.test(call) || met.has(call) || !asks(call)) return false;
    met.add(call);
    befallen.push(call);
    return true;
  };
  const when = (call: string) => isNew(`gitlab: ${call}`);
  gitlab.sandbox.faults.next({ when, reply: trouble, times: Number.POSITIVE_INFINITY });
  aptly.front.meddle = async (call) => (isNew(`aptly: ${call}`) ? trouble : undefined);
  return {
    befallen,
    clear() {
      gitlab.sandbox.faults.clear();
      aptly.front.meddle = undefined;
    },
  };
}
