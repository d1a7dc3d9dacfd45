import type { ConfigError } from "../../validation/config-error.ts";
import type { Difference } from "./diff.ts";
import type { Properties, ValuesOf } from "./property.ts";

/** A fault in an input, reported for the property it is about. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/**
 * What a kind reads from the server. `undefined` means the server does not tell (the stored value is
 * kept: tokens, commit messages), `null` means it is not set there (the stored value goes).
 */
export type Observed<S> = { readonly [K in keyof S]?: S[K] | null };

export interface Live<S> {
  readonly id: string;
  readonly state: Observed<S>;
}

export interface CheckContext<I, Api> {
  readonly api: Api;
  /** The resource's logical name. */
  readonly name: string;
  /** The inputs of the last update, when the object exists. */
  readonly oldInputs: Partial<I> | undefined;
  /** Inputs that a preview cannot know yet: set, but left out of what `check` is given. */
  readonly unknowns: ReadonlySet<string>;
}

/** The state of an object: each input under its own name, and the outputs. */
export type StateOf<P extends Properties, O extends Properties> = ValuesOf<P> & ValuesOf<O>;

/** Every input that the program sets must be equal; here stands what else decides. */
export interface Again<I, Api> {
  /** Inputs that the server never tells. */
  readonly untold?: readonly (keyof I & string)[];
  /**
   * Whether the token's own user made it, and nobody has used it since: another stack's would be.
   * Default: the server does not tell.
   */
  isOurs?(id: string, inputs: I, api: Api): Promise<boolean>;
}

/**
 * One kind of resource: what it is called, what it takes and gives, and the calls that keep the real
 * object equal to it. Everything the engine needs beyond these (secrets, unknown values, diff, schema)
 * the kit derives from the declaration.
 */
export interface Kind<P extends Properties, O extends Properties, Api> {
  /** Pulumi type token, `package:module/member:Type`. */
  readonly token: string;
  readonly doc: string;
  /** TypeScript that shows its use; the SDK is imported by the plugin's name. */
  readonly example: string;
  readonly inputs: P;
  readonly outputs: O;
  /** The input that is derived from the logical name, plus 7 random hex digits, when it is not set. */
  readonly autoName?: keyof P & string;
  /** Inputs that are secret because of the values of others, such as the value of a masked variable. */
  secrets?(inputs: Partial<ValuesOf<P>>): readonly (keyof P & string)[];
  /** Rules between inputs or against the server; types and required inputs are checked before. Inputs unknown in a preview are left out. */
  check?(
    inputs: Partial<ValuesOf<P>>,
    context: CheckContext<ValuesOf<P>, Api>,
  ): readonly Failure[] | Promise<readonly Failure[]>;
  /** What a preview says of a create beyond its inputs: that its place is taken, or what it writes over. */
  foretell?(
    inputs: ValuesOf<P>,
    api: Api,
    secrets: ReadonlySet<string>,
  ): Promise<ConfigError | string | undefined>;
  /** What must be done although no input changed, because time has passed: a token that is to be rotated. */
  due?(inputs: Partial<ValuesOf<P>>, state: Partial<StateOf<P, O>>): readonly Difference[];
  create(inputs: ValuesOf<P>, api: Api): Promise<Live<StateOf<P, O>>>;
  /**
   * How an object is known again whose creation nobody heard of. `create` may then be sent twice: what is
   * there makes it fail as `taken`, or, with `"create"`, it finds that itself. Left out when it may not.
   */
  readonly again?: Again<ValuesOf<P>, Api> | "create";
  /** `undefined` when the object is gone. `prior` is the stored state; empty when importing. */
  read(
    id: string,
    api: Api,
    prior: Partial<StateOf<P, O>>,
  ): Promise<Live<StateOf<P, O>> | undefined>;
  /** Left out when every input replaces. Reads first and sends only what differs. */
  update?(
    id: string,
    inputs: ValuesOf<P>,
    api: Api,
    state: StateOf<P, O>,
  ): Promise<Observed<StateOf<P, O>>>;
  /**
   * Which of the inputs that differ must replace the object although others of their kind change in
   * place: because of the server's version, or of what exactly changed. The old object goes first, since
   * the new one takes its name.
   */
  replaces?(
    changed: readonly (keyof P & string)[],
    inputs: Partial<ValuesOf<P>>,
    state: Partial<StateOf<P, O>>,
    api: Api,
  ): Promise<readonly (keyof P & string)[]>;
  /** Done when the object is already gone. */
  delete(id: string, api: Api, state: StateOf<P, O>): Promise<void>;
}

/** A read-only call of the provider, `pulumi.runtime.invoke`. */
export interface Lookup<P extends Properties, O extends Properties, Api> {
  readonly token: string;
  readonly doc: string;
  /** TypeScript that shows its use; the SDK is imported by the plugin's name. */
  readonly example: string;
  readonly inputs: P;
  readonly outputs: O;
  call(inputs: ValuesOf<P>, api: Api): Promise<ValuesOf<O>>;
}

/** A kind whose property types are no longer needed: what the host holds. */
export type AnyKind<Api> = Kind<Properties, Properties, Api>;
export type AnyLookup<Api> = Lookup<Properties, Properties, Api>;

/** `kindOf<Api>()({...})`: declares a kind with its inputs and outputs inferred. */
export const kindOf =
  <Api>() =>
  <P extends Properties, O extends Properties>(kind: Kind<P, O, Api>): Kind<P, O, Api> =>
    kind;

export const lookupOf =
  <Api>() =>
  <P extends Properties, O extends Properties>(lookup: Lookup<P, O, Api>): Lookup<P, O, Api> =>
    lookup;

/** `projectVariable` of `gitlab:index/projectVariable:ProjectVariable` is `ProjectVariable`. */
export function typeName(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}

/**
 * Thrown by `create` when the object exists but a later call failed: the engine keeps it in state, and
 * the next update finishes the work instead of making a second one.
 */
export class HalfCreatedError extends Error {
  readonly code = "half-created";
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;

  constructor(id: string, state: Readonly<Record<string, unknown>>, cause: Error) {
    super(cause.message, { cause });
    this.id = id;
    this.state = state;
  }
}

/** What is left to do once an object is made: when it fails, the object is in state as `state` says. */
export async function finishCreate<T>(
  id: string,
  state: Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new HalfCreatedError(id, state, error);
  }
}
