import { isSame } from "./diff.ts";
import type { Properties } from "./property.ts";
import { unknown, type Values } from "./wire.ts";

interface Declared {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The state after a create: the inputs, and what only the server can tell still unknown. */
export function foreseeCreate({ inputs, outputs }: Declared, news: Values): Values {
  const fromServer = [
    ...Object.keys(inputs).filter((key) => inputs[key]?.computed && news[key] === undefined),
    ...Object.keys(outputs),
  ];
  return { ...news, ...Object.fromEntries(fromServer.map((key) => [key, unknown])) };
}

/** The state after an update: stable outputs keep their value, the others are unknown. */
export function foreseeUpdate({ inputs, outputs }: Declared, state: Values, news: Values): Values {
  const isChanged = (key: string) =>
    news[key] !== undefined && !isSame(inputs[key]?.same, news[key], state[key]);
  const open = Object.keys(outputs).filter((key) => {
    const stable = outputs[key]?.stable;
    return stable === undefined || (stable !== true && stable.some(isChanged));
  });
  return { ...state, ...news, ...Object.fromEntries(open.map((key) => [key, unknown])) };
}
