import type { ConfigProperties, Plugin } from "./plugin.ts";
import type { Decoded, Values } from "./wire.ts";

/** Whether the engine made a provider that no program declared; its name has the plugin's version: `default_10_1_0`. */
export function isDefaultProvider(name: string): boolean {
  return /^default(_\d\w*)?$/.test(name);
}

/**
 * What a plugin is configured with now. Before the program runs, the engine configures a provider with
 * what the state has of it, to read what is there: a token that was rotated since would be the old one.
 * A default provider's configuration is the stack's own, which the engine puts into the environment of
 * each plugin it starts; that goes first. One that a program declares has its arguments alone.
 */
export function currentConfiguration(
  args: Decoded,
  providerName: string,
  environment: NodeJS.ProcessEnv,
): Decoded {
  const configured = readConfigured(environment);
  if (!configured || !isDefaultProvider(providerName)) return args;
  return { ...args, values: configured, unknowns: new Set() };
}

/** Secrets that reach the plugin by the environment instead of a message. */
export function secretsIn<C extends ConfigProperties, Api>(
  plugin: Plugin<C, Api>,
  environment: NodeJS.ProcessEnv,
): string[] {
  const configured = readConfigured(environment) ?? {};
  return Object.entries(plugin.config)
    .filter(([, { secret }]) => secret)
    .flatMap(([key, { env = [] }]) => [configured[key], ...env.map((name) => environment[name])])
    .flatMap((text) => (typeof text === "string" && text !== "" ? [text] : []));
}

/** The stack's configuration of this plugin, by property; each value is text. */
function readConfigured({ PULUMI_CONFIG }: NodeJS.ProcessEnv): Values | undefined {
  return PULUMI_CONFIG === undefined ? undefined : JSON.parse(PULUMI_CONFIG);
}
