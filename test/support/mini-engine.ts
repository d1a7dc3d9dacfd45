import type * as grpc from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import rpc from "@pulumi/pulumi/runtime/rpc.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { toHandlers } from "../../plugins/kit/handlers.ts";
import type { ConfigProperties, Plugin } from "../../plugins/kit/plugin.ts";
import type { JavaScriptObject, Values } from "../../plugins/kit/wire.ts";

/** A resource as the engine's state file has it, in wire form. */
export interface Stored {
  readonly token: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: Values;
  readonly state: Values;
}

/** How the engine starts and configures a plugin. */
export interface Start {
  readonly environment?: NodeJS.ProcessEnv;
  /** Of the provider; `default` is that of one that the program does not declare. */
  readonly providerName?: string;
}

export type Step = "create" | "same" | "update" | "replace";

type Handler = (
  call: { request: unknown },
  callback: (error: (Error & { details?: string }) | null, response: unknown) => void,
) => void;

/** Marks a value as secret, as the program does with `pulumi.secret`. */
export function secret(value: unknown): Values {
  return { [rpc.specialSigKey]: rpc.specialSecretSig, value };
}

/** A value that a preview does not know yet. */
export const unknownValue: string = rpc.unknownValue;

/**
 * The calls the engine makes of a plugin, in its order and wire form, through the plugin's real RPC
 * handlers but without process and socket: for tests of kinds.
 */
export class MiniEngine {
  readonly #handlers: Record<string, unknown>;
  readonly #configuration: Values;
  /** What the plugin told the user besides errors. */
  readonly told: readonly string[];

  private constructor(
    handlers: Record<string, unknown>,
    configuration: Values,
    told: readonly string[],
  ) {
    this.told = told;
    this.#handlers = handlers;
    this.#configuration = configuration;
  }

  static async start<C extends ConfigProperties, Api>(
    plugin: Plugin<C, Api>,
    configuration: Values,
    { environment = {}, providerName = "" }: Start = {},
  ): Promise<MiniEngine> {
    const told: string[] = [];
    const report = (sentence: string) => void told.push(sentence);
    const engine = new MiniEngine(toHandlers(plugin, environment, report), configuration, told);
    await engine.configure(providerName);
    return engine;
  }

  async configure(providerName = ""): Promise<void> {
    const args = toStruct(this.#configuration);
    const request = new proto.ConfigureRequest().setArgs(args).setName(providerName);
    await this.call("configure", request);
  }

  /** What the state keeps of a provider. */
  async checkConfig(news: Values, providerName: string): Promise<Values> {
    const request = new proto.CheckRequest().setNews(toStruct(news)).setName(providerName);
    return toValues((await this.call<proto.CheckResponse>("checkConfig", request)).getInputs());
  }

  /** Throws with every failure's property and reason when the inputs are refused. */
  async check(token: string, name: string, news: Values, olds: Values = {}): Promise<Values> {
    const request = new proto.CheckRequest()
      .setType(token)
      .setUrn(`urn:${name}`)
      .setName(name)
      .setNews(toStruct(news))
      .setOlds(toStruct(olds))
      .setRandomseed(new Uint8Array(32).fill(0xab));
    const response = await this.call<proto.CheckResponse>("check", request);
    const failures = response.getFailuresList();
    if (failures.length > 0) throw new CheckFailed(failures);
    return toValues(response.getInputs());
  }

  /** What `pulumi preview` would say, without a call that changes anything. */
  async preview(
    stored: Stored,
    news: Values,
    ignoreChanges: string[] = [],
  ): Promise<{ step: Step; changed: string[] }> {
    const inputs = await this.check(stored.token, stored.name, news, stored.inputs);
    const request = new proto.DiffRequest()
      .setId(stored.id)
      .setType(stored.token)
      .setName(stored.name)
      .setOlds(toStruct(stored.state))
      .setOldInputs(toStruct(stored.inputs))
      .setIgnorechangesList(ignoreChanges)
      .setNews(toStruct(inputs));
    const response = await this.call<proto.DiffResponse>("diff", request);
    const changed = response.getDiffsList();
    if (changed.length === 0) return { step: "same", changed };
    return { step: response.getReplacesList().length > 0 ? "replace" : "update", changed };
  }

  /** The state that a preview foresees, in wire form. */
  async foresee(token: string, news: Values, stored?: Stored): Promise<Values> {
    const inputs = await this.check(token, stored?.name ?? "new", news, stored?.inputs);
    if (!stored) {
      const request = new proto.CreateRequest()
        .setType(token)
        .setUrn(`urn:pulumi:dev::trunkline::${token}::new`)
        .setPreview(true)
        .setProperties(toStruct(inputs));
      const response = await this.call<proto.CreateResponse>("create", request);
      return toValues(response.getProperties());
    }
    const request = toUpdate(stored, inputs).setPreview(true);
    const response = await this.call<proto.UpdateResponse>("update", request);
    return toValues(response.getProperties());
  }

  async create(token: string, name: string, news: Values): Promise<Stored> {
    const inputs = await this.check(token, name, news);
    const request = new proto.CreateRequest()
      .setType(token)
      .setName(name)
      .setUrn(`urn:pulumi:dev::trunkline::${token}::${name}`)
      .setProperties(toStruct(inputs));
    const response = await this.call<proto.CreateResponse>("create", request).catch(
      (error: Partial<grpc.ServiceError> & Error) => {
        const detail = toInitFailed(error.metadata);
        if (!detail) throw error;
        const state = toValues(detail.getProperties());
        throw new HalfCreated(error.message, { token, name, id: detail.getId(), inputs, state });
      },
    );
    return { token, name, id: response.getId(), inputs, state: toValues(response.getProperties()) };
  }

  /** One step of `pulumi up` for an existing resource; a replacement deletes first. */
  async up(stored: Stored, news: Values): Promise<{ step: Step; stored: Stored }> {
    const { step } = await this.preview(stored, news);
    if (step === "same") return { step, stored };
    if (step === "replace") {
      await this.delete(stored);
      return { step, stored: await this.create(stored.token, stored.name, news) };
    }
    return { step, stored: await this.update(stored, news) };
  }

  /** An update whether or not there is a difference: what the engine does with a half-created object. */
  async update(stored: Stored, news: Values, ignoreChanges: string[] = []): Promise<Stored> {
    const inputs = await this.check(stored.token, stored.name, news, stored.inputs);
    const request = toUpdate(stored, inputs).setIgnorechangesList(ignoreChanges);
    const response = await this.call<proto.UpdateResponse>("update", request);
    return { ...stored, inputs, state: toValues(response.getProperties()) };
  }

  /** `undefined` when the object is gone. */
  async refresh(stored: Stored): Promise<Stored | undefined> {
    return this.#read(stored.token, stored.name, stored.id, stored.inputs, stored.state);
  }

  async import(token: string, name: string, id: string): Promise<Stored | undefined> {
    return this.#read(token, name, id, {}, {});
  }

  async delete(stored: Stored): Promise<void> {
    const request = new proto.DeleteRequest()
      .setId(stored.id)
      .setType(stored.token)
      .setName(stored.name)
      .setOldInputs(toStruct(stored.inputs))
      .setProperties(toStruct(stored.state));
    await this.call("delete", request);
  }

  /** What the engine does at the first Ctrl-C. */
  async cancel(): Promise<void> {
    await this.call("cancel", new emptyProto.Empty());
  }

  async invoke(token: string, args: Values): Promise<Values> {
    const request = new proto.InvokeRequest().setTok(token).setArgs(toStruct(args));
    const response = await this.call<proto.InvokeResponse>("invoke", request);
    const failures = response.getFailuresList();
    if (failures.length > 0) throw new CheckFailed(failures);
    return toValues(response.getReturn());
  }

  /** One RPC; rejects with the details that the engine would print. */
  call<Response>(method: string, request: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      const handler = this.#handlers[method] as Handler;
      handler({ request }, (error, response) => {
        if (error) reject(error);
        else resolve(response as Response);
      });
    });
  }

  async #read(
    token: string,
    name: string,
    id: string,
    inputs: Values,
    state: Values,
  ): Promise<Stored | undefined> {
    const request = new proto.ReadRequest()
      .setId(id)
      .setUrn(`urn:${name}`)
      .setType(token)
      .setName(name)
      .setInputs(toStruct(inputs))
      .setProperties(toStruct(state));
    const response = await this.call<proto.ReadResponse>("read", request);
    if (response.getId() === "") return undefined;
    return {
      token,
      name,
      id: response.getId(),
      inputs: toValues(response.getInputs()),
      state: toValues(response.getProperties()),
    };
  }
}

/** The faults that the engine would print below the resource. */
export class CheckFailed extends Error {
  readonly properties: readonly string[];

  constructor(failures: readonly proto.CheckFailure[]) {
    super(failures.map((each) => each.getReason()).join("\n"));
    // A reason begins with its property, since a named one would have its value printed.
    this.properties = failures.map(
      (each) => each.getProperty() || (/^[^\s:]+/.exec(each.getReason())?.[0] ?? ""),
    );
  }
}

/** The object exists and is in state, but its creation did not finish. */
export class HalfCreated extends Error {
  readonly stored: Stored;

  constructor(message: string, stored: Stored) {
    super(message);
    this.stored = stored;
  }
}

function toInitFailed(metadata: grpc.Metadata | undefined) {
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  if (!(bytes instanceof Buffer)) return undefined;
  const [any] = statusProto.Status.deserializeBinary(bytes).getDetailsList();
  return any && proto.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
}

function toUpdate(stored: Stored, inputs: Values): proto.UpdateRequest {
  return new proto.UpdateRequest()
    .setId(stored.id)
    .setType(stored.token)
    .setName(stored.name)
    .setOlds(toStruct(stored.state))
    .setOldInputs(toStruct(stored.inputs))
    .setNews(toStruct(inputs));
}

function toStruct(values: Values): Struct {
  return structProto.Struct.fromJavaScript(values as JavaScriptObject);
}

function toValues(struct: Struct | undefined): Values {
  return (struct?.toJavaScript() ?? {}) as Values;
}
