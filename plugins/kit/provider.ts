import { isStatus } from "./api-error.ts";
import { Cancellation } from "./cancellation.ts";
import { type Checked, checkProperties, knownInputs, toAutoName } from "./check.ts";
import { Connection } from "./connection.ts";
import { create, foretell } from "./creation.ts";
import { currentConfiguration, isDefaultProvider } from "./current-configuration.ts";
import { type Diff, diff, isSame, withReplaced } from "./diff.ts";
import type { Report } from "./engine-log.ts";
import { foreseeCreate, foreseeUpdate } from "./foresee.ts";
import {
  type AnyKind,
  type AnyLookup,
  type Failure,
  HalfCreatedError,
  type Observed,
} from "./kind.ts";
import type { ConfigProperties, Plugin } from "./plugin.ts";
import type { Properties, Property } from "./property.ts";
import { ServerAddress } from "./server-address.ts";
import type { Decoded, Values } from "./wire.ts";

/** A property bag to send back, and the properties in it that are secret. */
export interface Bag {
  readonly values: Values;
  readonly secrets: ReadonlySet<string>;
}

export interface LiveBag {
  readonly id: string;
  readonly state: Bag;
  readonly inputs: Bag;
}

export interface Created {
  readonly id: string;
  readonly state: Bag;
  /** The object exists, but a later call failed. */
  readonly incomplete?: HalfCreatedError;
}

/** Options of every provider resource that the engine keeps among its inputs. */
const engineOptions: ReadonlySet<string> = new Set(["version", "pluginDownloadURL"]);

/** What the engine asks of a plugin, on decoded values: everything between the RPC host and the kinds. */
export class Provider<C extends ConfigProperties, Api> {
  readonly plugin: Plugin<C, Api>;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #report: Report;
  readonly #kinds: ReadonlyMap<string, AnyKind<Api>>;
  readonly #lookups: ReadonlyMap<string, AnyLookup<Api>>;
  readonly #cancellation = new Cancellation();
  /** URNs of objects that are there: a create of one of these replaces it. */
  readonly #existing = new Set<string>();
  #connection: Connection<Api> | undefined;
  #address: ServerAddress | undefined;

  constructor(plugin: Plugin<C, Api>, environment: NodeJS.ProcessEnv, report: Report) {
    this.plugin = plugin;
    this.#environment = environment;
    this.#report = report;
    this.#kinds = new Map(plugin.kinds.map((kind) => [kind.token, kind]));
    this.#lookups = new Map(plugin.lookups.map((lookup) => [lookup.token, lookup]));
  }

  /**
   * Faults of the configuration together with the environment. Of the environment, only the server's
   * address is put into state, and only of a default provider: its arguments are read anew each time.
   */
  checkConfig(news: Decoded, name: string): { config: Bag; failures: readonly Failure[] } {
    const { inputs, failures } = this.#checkConfig(news);
    const secrets = union(news.secrets, marked(this.plugin.config, "secret"));
    const { address } = this.plugin;
    const recorded = isDefaultProvider(name) ? pick(inputs, [address]) : {};
    return { config: { values: { ...recorded, ...news.values }, secrets }, failures };
  }

  /** @param args Those of the state where the engine reads before it runs the program. */
  async configure(args: Decoded, name: string): Promise<void> {
    const current = currentConfiguration(args, name, this.#environment);
    const { inputs, failures } = this.#checkConfig(current);
    const { address: setting, name: plugin } = this.plugin;
    if (failures.length > 0) {
      const reasons = failures.map(({ reason }) => reason).join(" ");
      this.#connection = Connection.refused(plugin, reasons);
      return;
    }
    const recorded = args.values[setting];
    const address = new ServerAddress(
      `${plugin}:${setting}`,
      {
        now: String(inputs[setting]),
        recorded: typeof recorded === "string" ? recorded : undefined,
      },
      this.#environment,
    );
    const surroundings = { report: this.#report, cancellation: this.#cancellation, address };
    this.#address = address;
    const api = await this.plugin.connect(inputs as never, surroundings);
    this.#connection = new Connection(plugin, async () => {
      await this.plugin.verify?.(api);
      return api;
    });
  }

  /** Ends what waits, for good: the engine starts a plugin anew for its next command. */
  cancel(): void {
    this.#cancellation.cancel();
  }

  async check(
    token: string,
    { name, urn }: { readonly name: string; readonly urn: string },
    oldInputs: Decoded,
    news: Decoded,
    randomSeed: Uint8Array,
  ): Promise<{ inputs: Bag; failures: readonly Failure[] }> {
    const kind = this.#kind(token);
    const api = await this.#connected().use();
    const named = kind.autoName
      ? {
          [kind.autoName]: oldInputs.values[kind.autoName] ?? toAutoName(name, randomSeed),
          ...news.values,
        }
      : news.values;
    const { inputs, failures } = checkProperties(kind.inputs, { ...news, values: named });
    const known = knownInputs(inputs, news.unknowns);
    const isNew = Object.keys(oldInputs.values).length === 0;
    if (!isNew) this.#existing.add(urn);
    const own =
      failures.length === 0 && kind.check
        ? await kind.check(known, {
            api,
            name,
            oldInputs: isNew ? undefined : oldInputs.values,
            unknowns: news.unknowns,
          })
        : [];
    return {
      inputs: { values: inputs, secrets: this.#secrets(kind, known, news.secrets) },
      failures: [...failures, ...own],
    };
  }

  /** `ignored` are inputs that the program's `ignoreChanges` leaves to the server. */
  async diff(
    token: string,
    state: Decoded,
    news: Decoded,
    ignored: readonly string[] = [],
  ): Promise<Diff> {
    const kind = this.#kind(token);
    const wanted = without(news.values, ignored);
    const known = knownInputs(wanted, news.unknowns);
    const due = kind.due?.(known, state.values);
    const found = diff(kind.inputs, kind.update !== undefined, wanted, state.values, due);
    const changed = found.differences.map(({ property }) => property);
    if (!kind.replaces || changed.length === 0) return found;
    const also = await kind.replaces(changed, known, state.values, await this.#connected().use());
    return withReplaced(found, also);
  }

  /** The state that a create would lead to, as far as it is known before. */
  previewCreate(token: string, news: Decoded): Bag {
    const kind = this.#kind(token);
    return { values: foreseeCreate(kind, news.values), secrets: this.#secretsOf(kind, news) };
  }

  /** What else a preview has to say of a create of which it knows all. */
  async foretell(token: string, urn: string, news: Decoded): Promise<string | undefined> {
    const kind = this.#kind(token);
    if (news.unknowns.size > 0 || this.#existing.has(urn)) return undefined;
    const isCancelled = () => this.#cancellation.now.aborted;
    const creation = { kind, urn, api: await this.#connected().use(), isCancelled };
    return await foretell({ ...creation, inputs: news.values }, news.secrets);
  }

  /** The state that an update would lead to, as far as it is known before. */
  previewUpdate(
    token: string,
    state: Decoded,
    news: Decoded,
    ignored: readonly string[] = [],
  ): Bag {
    const kind = this.#kind(token);
    const secrets = union(this.#secretsOf(kind, news), state.secrets);
    const values = foreseeUpdate(kind, state.values, without(news.values, ignored));
    return { values, secrets };
  }

  async create(token: string, urn: string, news: Decoded): Promise<Created> {
    const kind = this.#kind(token);
    this.#cancellation.refuse();
    const isCancelled = () => this.#cancellation.now.aborted;
    const api = await this.#connected().use();
    try {
      const live = await create({ kind, inputs: news.values, urn, api, isCancelled });
      return { id: live.id, state: this.#stateBag(kind, news, live.state) };
    } catch (error) {
      if (!(error instanceof HalfCreatedError)) throw error;
      return { id: error.id, state: this.#stateBag(kind, news, error.state), incomplete: error };
    }
  }

  async read(
    token: string,
    id: string,
    state: Decoded,
    inputs: Decoded,
  ): Promise<LiveBag | undefined> {
    const kind = this.#kind(token);
    const importing = Object.keys(inputs.values).length === 0;
    const live = await this.#readLive(kind, id, state.values, importing);
    if (!live) return undefined;
    const told = importing ? toImported(kind.inputs, "secret") : new Set<string>();
    const bag = this.#stateBag(
      kind,
      { ...state, secrets: union(union(state.secrets, inputs.secrets), told) },
      live.state,
    );
    const omitted = toImported(kind.inputs, "omitted");
    const kept = Object.keys(kind.inputs).filter((key) =>
      importing ? !omitted.has(key) : key in inputs.values,
    );
    // As the program spells them, where that means what the server says: a refresh then changes nothing.
    const spelled = kept.filter((key) =>
      isSame(kind.inputs[key]?.same, inputs.values[key], bag.values[key]),
    );
    const values = { ...pick(bag.values, kept), ...pick(inputs.values, spelled) };
    return { id: live.id, state: bag, inputs: { ...bag, values } };
  }

  async #readLive(kind: AnyKind<Api>, id: string, state: Values, importing: boolean) {
    const connection = this.#connected();
    const api = await (importing ? connection.use() : connection.useUnlessTold());
    // The refresh fails as a whole; until then, this one keeps its state.
    if (api === undefined) return { id, state: {} };
    const { startsAnew = false, isMoved = false } = importing ? {} : (this.#address ?? {});
    if (startsAnew) return undefined;
    try {
      const live = await kind.read(id, api, state);
      if (live || !isMoved) return live;
    } catch (error) {
      if (!isMoved || !isStatus(error, 404)) throw error;
    }
    throw this.#address?.refusal();
  }

  async update(
    token: string,
    id: string,
    state: Decoded,
    news: Decoded,
    ignored: readonly string[] = [],
  ): Promise<Bag> {
    const kind = this.#kind(token);
    if (!kind.update) throw new TypeError(`${token} has no update`);
    this.#cancellation.refuse();
    const api = await this.#connected().use();
    // What the engine has for them is of the last refresh.
    const live = ignored.length > 0 ? await kind.read(id, api, state.values) : undefined;
    const inputs = { ...news.values, ...pick(live?.state ?? {}, ignored) };
    const observed = await kind.update(id, inputs, api, state.values);
    const wanted = { ...news, values: { ...state.values, ...inputs } };
    return this.#stateBag(kind, wanted, observed);
  }

  /** The inputs go over the state: a passive one may have changed since the state was written. */
  async delete(token: string, id: string, state: Decoded, inputs: Decoded): Promise<void> {
    this.#cancellation.refuse();
    const values = { ...state.values, ...inputs.values };
    await this.#kind(token).delete(id, await this.#connected().use(), values);
  }

  async invoke(
    token: string,
    args: Decoded,
  ): Promise<{ result: Bag; failures: readonly Failure[] }> {
    const lookup = this.#lookups.get(token);
    if (!lookup) throw new TypeError(`${this.plugin.name} has no function ${token}`);
    const { inputs, failures } = checkProperties(lookup.inputs, args);
    const values =
      failures.length > 0 ? {} : await lookup.call(inputs, await this.#connected().use());
    return {
      result: { values: { ...inputs, ...values }, secrets: marked(lookup.outputs, "secret") },
      failures,
    };
  }

  /** The state after a call: what the server says goes over what was there before. */
  #stateBag(kind: AnyKind<Api>, before: Decoded, observed: Observed<Values>): Bag {
    const values: Values = { ...before.values };
    for (const [key, value] of Object.entries(observed)) {
      if (value === null) delete values[key];
      else if (value !== undefined) values[key] = value;
    }
    return { values, secrets: this.#secrets(kind, values, before.secrets) };
  }

  #secrets(kind: AnyKind<Api>, values: Values, given: ReadonlySet<string>): ReadonlySet<string> {
    const declared = marked({ ...kind.inputs, ...kind.outputs }, "secret");
    return union(given, declared, new Set(kind.secrets?.(values) ?? []));
  }

  #secretsOf(kind: AnyKind<Api>, { values, unknowns, secrets }: Decoded): ReadonlySet<string> {
    return this.#secrets(kind, knownInputs(values, unknowns), secrets);
  }

  #checkConfig(given: Decoded): Checked {
    const fromEnvironment = Object.entries(this.plugin.config).flatMap(([key, { env = [] }]) => {
      const value = env.map((name) => this.#environment[name]).find((text) => text);
      return value === undefined ? [] : [[key, value] as const];
    });
    const texts = { ...Object.fromEntries(fromEnvironment), ...given.values };
    const values = Object.fromEntries(
      Object.entries(texts)
        .filter(([key]) => !engineOptions.has(key))
        .map(([key, text]) => [key, fromText(this.plugin.config[key], text)]),
    );
    const { inputs, failures } = checkProperties(this.plugin.config, { ...given, values });
    return { inputs, failures: failures.map((failure) => this.#withPlaces(failure)) };
  }

  #withPlaces({ property, reason }: Failure): Failure {
    const { env: variables = [], secret } = this.plugin.config[property] ?? {};
    const set = secret ? "pulumi config set --secret" : "pulumi config set";
    const places = [`${set} ${this.plugin.name}:${property}`, ...variables];
    return { property, reason: `${reason} Where: ${places.join(" or ")}.` };
  }

  #connected(): Connection<Api> {
    if (!this.#connection) throw new Error(`${this.plugin.name}: used before it was configured`);
    return this.#connection;
  }

  #kind(token: string): AnyKind<Api> {
    const kind = this.#kinds.get(token);
    if (!kind) throw new TypeError(`${this.plugin.name} has no resource ${token}`);
    return kind;
  }
}

function marked(properties: Properties, flag: "secret"): ReadonlySet<string> {
  return new Set(Object.keys(properties).filter((key) => properties[key]?.[flag]));
}

function union(...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function pick(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(keys.filter((key) => key in values).map((key) => [key, values[key]]));
}

function without(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}

/** Configuration arrives as text: `true`, `5` and `{"a":"b"}` are JSON where the property is no string. */
function fromText(property: Property | undefined, text: unknown): unknown {
  if (!property || typeof text !== "string" || property.type.safeParse(text).success) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function toImported(inputs: Properties, how: "secret" | "omitted"): ReadonlySet<string> {
  return new Set(Object.keys(inputs).filter((key) => inputs[key]?.imported === how));
}
