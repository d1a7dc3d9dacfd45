import type { Cancellation } from "./cancellation.ts";
import type { Report } from "./engine-log.ts";
import type { AnyKind, AnyLookup, Kind, Lookup } from "./kind.ts";
import type { Properties, ValuesOf } from "./property.ts";
import type { ServerAddress } from "./server-address.ts";

/** A provider configuration property can also come from an environment variable. */
export type ConfigProperties = Readonly<
  Record<string, Properties[string] & { readonly env?: readonly string[] }>
>;

/** What a connection gets from the engine beside its configuration. */
export interface Surroundings {
  readonly report: Report;
  readonly cancellation: Cancellation;
  readonly address: ServerAddress;
}

/** A resource plugin: its name, its configuration, its kinds and lookups, and how it reaches the far side. */
export interface Plugin<C extends ConfigProperties, Api> {
  readonly name: string;
  readonly version: string;
  readonly doc: string;
  /** npm name of the generated SDK. */
  readonly sdk: string;
  readonly config: C;
  /** The property of the configuration that is the server's address. */
  readonly address: keyof C & string;
  /** Called once with the checked configuration, before any kind is used. */
  connect(config: ValuesOf<C>, surroundings: Surroundings): Promise<Api> | Api;
  /** One request that fails where the server is down or refuses the credentials. */
  verify?(api: Api): Promise<unknown>;
  readonly kinds: readonly AnyKind<Api>[];
  readonly lookups: readonly AnyLookup<Api>[];
}

export function definePlugin<C extends ConfigProperties, Api>(
  plugin: Plugin<C, Api>,
): Plugin<C, Api> {
  return plugin;
}

/** Forgets a kind's property types so that kinds can share a table; the kit checks values before each call. */
export function anyKind<P extends Properties, O extends Properties, Api>(
  kind: Kind<P, O, Api>,
): AnyKind<Api> {
  return kind as unknown as AnyKind<Api>;
}

export function anyLookup<P extends Properties, O extends Properties, Api>(
  lookup: Lookup<P, O, Api>,
): AnyLookup<Api> {
  return lookup as unknown as AnyLookup<Api>;
}
