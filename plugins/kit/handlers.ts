import type * as grpc from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { Codec } from "./codec.ts";
import { secretsIn } from "./current-configuration.ts";
import type { Report } from "./engine-log.ts";
import type { ConfigProperties, Plugin } from "./plugin.ts";
import { Provider } from "./provider.ts";
import { redact } from "./redaction.ts";
import { toCheckResponse, toDiffResponse, toInvokeResponse } from "./responses.ts";
import { toSchema } from "./schema.ts";
import { InitFailure, type Unary, unary } from "./unary.ts";

/** The RPC handlers of a plugin: each reads a message, asks the provider, and writes the answer. */
export function toHandlers<C extends ConfigProperties, Api>(
  plugin: Plugin<C, Api>,
  environment: NodeJS.ProcessEnv,
  report: Report,
): grpc.UntypedServiceImplementation {
  const handlers = new Handlers(
    new Provider(plugin, environment, report),
    new Codec(secretsIn(plugin, environment)),
    report,
  );
  return { ...handlers.ofPlugin(), ...handlers.ofKinds(), ...handlers.ofObjects() };
}

class Handlers<C extends ConfigProperties, Api> {
  readonly #provider: Provider<C, Api>;
  readonly #codec: Codec;
  readonly #report: Report;

  constructor(provider: Provider<C, Api>, codec: Codec, report: Report) {
    this.#provider = provider;
    this.#codec = codec;
    this.#report = report;
  }

  /** Of the plugin as a whole. */
  ofPlugin() {
    const { plugin } = this.#provider;
    return {
      getPluginInfo: this.#unary(() => new pluginProto.PluginInfo().setVersion(plugin.version)),
      getSchema: this.#unary(() =>
        new proto.GetSchemaResponse().setSchema(JSON.stringify(toSchema(plugin))),
      ),
      attach: this.#unary(() => new emptyProto.Empty()),
      cancel: this.#unary(() => {
        this.#provider.cancel();
        return new emptyProto.Empty();
      }),
      checkConfig: this.#unary((request: proto.CheckRequest) => {
        const news = this.#codec.decode(request.getNews());
        const { config, failures } = this.#provider.checkConfig(news, request.getName());
        return toCheckResponse(this.#codec.encode(config), failures);
      }),
      configure: this.#unary(async (request: proto.ConfigureRequest) => {
        const args = this.#codec.decode(request.getArgs());
        await this.#provider.configure(args, request.getName() ?? "");
        return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      }),
    };
  }

  /** Of a kind or a lookup, without a change of any object. */
  ofKinds() {
    return {
      check: this.#unary(async (request: proto.CheckRequest) => {
        const { inputs, failures } = await this.#provider.check(
          request.getType(),
          { name: request.getName(), urn: request.getUrn() },
          this.#codec.decode(request.getOlds()),
          this.#codec.decode(request.getNews()),
          request.getRandomseed_asU8(),
        );
        return toCheckResponse(this.#codec.encode(inputs), failures);
      }),
      diff: this.#unary(async (request: proto.DiffRequest) => {
        const state = this.#codec.decode(request.getOlds());
        const news = this.#codec.decode(request.getNews());
        const ignored = request.getIgnorechangesList();
        return toDiffResponse(await this.#provider.diff(request.getType(), state, news, ignored));
      }),
      invoke: this.#unary(async (request: proto.InvokeRequest) => {
        const args = this.#codec.decode(request.getArgs());
        const { result, failures } = await this.#provider.invoke(request.getTok(), args);
        return toInvokeResponse(this.#codec.encode(result), failures);
      }),
    };
  }

  /**
   * Of one object on the far side. Each asks to be read before the next update, so that a plain
   * `pulumi up` puts back what was changed by hand.
   */
  ofObjects() {
    return {
      create: this.#unary((request: proto.CreateRequest) => this.#create(request)),
      read: this.#unary((request: proto.ReadRequest) => this.#read(request)),
      update: this.#unary((request: proto.UpdateRequest) => this.#update(request)),
      delete: this.#unary(async (request: proto.DeleteRequest) => {
        const state = this.#codec.decode(request.getProperties());
        const inputs = this.#codec.decode(request.getOldInputs());
        await this.#provider.delete(request.getType(), request.getId(), state, inputs);
        return new emptyProto.Empty();
      }),
    };
  }

  async #create(request: proto.CreateRequest): Promise<proto.CreateResponse> {
    const token = request.getType();
    const inputs = this.#codec.decode(request.getProperties());
    if (request.getPreview()) {
      const urn = request.getUrn();
      const told = await this.#provider.foretell(token, urn, inputs);
      if (told !== undefined) this.#report(redact(told, this.#codec.confidential), urn);
      const foreseen = this.#provider.previewCreate(token, inputs);
      return new proto.CreateResponse().setProperties(this.#codec.encode(foreseen));
    }
    const { id, state, incomplete } = await this.#provider.create(token, request.getUrn(), inputs);
    const properties = this.#codec.encode(state);
    if (incomplete) throw new InitFailure(id, properties, incomplete);
    return new proto.CreateResponse()
      .setId(id)
      .setProperties(properties)
      .setRefreshBeforeUpdate(true);
  }

  async #read(request: proto.ReadRequest): Promise<proto.ReadResponse> {
    const live = await this.#provider.read(
      request.getType(),
      request.getId(),
      this.#codec.decode(request.getProperties()),
      this.#codec.decode(request.getInputs()),
    );
    if (!live) return new proto.ReadResponse();
    return new proto.ReadResponse()
      .setId(live.id)
      .setProperties(this.#codec.encode(live.state))
      .setInputs(this.#codec.encode(live.inputs))
      .setRefreshBeforeUpdate(true);
  }

  async #update(request: proto.UpdateRequest): Promise<proto.UpdateResponse> {
    const token = request.getType();
    const state = this.#codec.decode(request.getOlds());
    const inputs = this.#codec.decode(request.getNews());
    const ignored = request.getIgnorechangesList();
    const updated = request.getPreview()
      ? this.#provider.previewUpdate(token, state, inputs, ignored)
      : await this.#provider.update(token, request.getId(), state, inputs, ignored);
    return new proto.UpdateResponse()
      .setProperties(this.#codec.encode(updated))
      .setRefreshBeforeUpdate(true);
  }

  #unary<Request extends object>(handle: (request: Request) => unknown): Unary {
    return unary(this.#codec.confidential, handle);
  }
}
