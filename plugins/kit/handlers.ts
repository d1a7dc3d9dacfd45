import type * as grpc from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Diff } from "./diff.ts";
import type { Report } from "./engine-log.ts";
import { type Failure, typeName } from "./kind.ts";
import type { ConfigProperties, Plugin } from "./plugin.ts";
import { explain, toInitFailure, toRpcError } from "./rpc-error.ts";
import { toSchema } from "./schema.ts";
import { type Bag, Service } from "./service.ts";
import {
  type Decoded,
  fromWire,
  type JavaScriptObject,
  secretTexts,
  toWire,
  type Values,
} from "./wire.ts";

type Unary = grpc.handleUnaryCall<unknown, unknown>;

/** The RPC handlers of a plugin: each reads a message, asks the service, and writes the answer. */
export function toHandlers<C extends ConfigProperties, Api>(
  plugin: Plugin<C, Api>,
  environment: NodeJS.ProcessEnv,
  report: Report,
): grpc.UntypedServiceImplementation {
  const service = new Service(plugin, environment, report);
  const confidential = new Set(secretsIn(plugin, environment));

  function decode(struct: Struct | undefined): Decoded {
    return remember(fromWire((struct?.toJavaScript() ?? {}) as Values));
  }

  function encode(bag: Bag): Struct {
    remember({ ...bag, unknowns: new Set() });
    return toStruct(toWire(bag.values, bag.secrets));
  }

  function remember(decoded: Decoded): Decoded {
    for (const text of secretTexts(decoded)) confidential.add(text);
    return decoded;
  }

  function unary<Request extends object>(handle: (request: Request) => unknown): Unary {
    return (call, callback) => {
      const request = call.request as Request;
      Promise.resolve(request)
        .then(handle)
        .then(
          (response) => callback(null, response),
          (error: unknown) => {
            if (error instanceof InitFailure) callback(error.toRpcError(confidential));
            else callback(toRpcError(explain(error, subject(request), confidential)));
          },
        );
    };
  }

  return {
    getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(plugin.version)),
    getSchema: unary(() =>
      new proto.GetSchemaResponse().setSchema(JSON.stringify(toSchema(plugin))),
    ),
    attach: unary(() => new emptyProto.Empty()),
    cancel: unary(() => new emptyProto.Empty()),

    checkConfig: unary((request: proto.CheckRequest) => {
      const { config, failures } = service.checkConfig(decode(request.getNews()));
      return new proto.CheckResponse()
        .setInputs(encode(config))
        .setFailuresList(failures.map(toCheckFailure));
    }),

    configure: unary(async (request: proto.ConfigureRequest) => {
      await service.configure(decode(request.getArgs()));
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),

    check: unary(async (request: proto.CheckRequest) => {
      const { inputs, failures } = await service.check(
        request.getType(),
        request.getName(),
        decode(request.getOlds()),
        decode(request.getNews()),
        request.getRandomseed_asU8(),
      );
      return new proto.CheckResponse()
        .setInputs(encode(inputs))
        .setFailuresList(failures.map(toCheckFailure));
    }),

    diff: unary(async (request: proto.DiffRequest) =>
      toDiffResponse(
        await service.diff(request.getType(), decode(request.getOlds()), decode(request.getNews())),
      ),
    ),

    create: unary(async (request: proto.CreateRequest) => {
      if (request.getPreview()) {
        const foreseen = service.previewCreate(request.getType(), decode(request.getProperties()));
        return new proto.CreateResponse().setProperties(encode(foreseen));
      }
      const created = await service.create(request.getType(), decode(request.getProperties()));
      const properties = encode(created.state);
      if (created.incomplete) {
        throw new InitFailure(created.id, properties, subject(request), created.incomplete);
      }
      return new proto.CreateResponse().setId(created.id).setProperties(properties);
    }),

    read: unary(async (request: proto.ReadRequest) => {
      const live = await service.read(
        request.getType(),
        request.getId(),
        decode(request.getProperties()),
        decode(request.getInputs()),
      );
      if (!live) return new proto.ReadResponse();
      return new proto.ReadResponse()
        .setId(live.id)
        .setProperties(encode(live.state))
        .setInputs(encode(live.inputs));
    }),

    update: unary(async (request: proto.UpdateRequest) => {
      const [token, olds, news] = [
        request.getType(),
        decode(request.getOlds()),
        decode(request.getNews()),
      ];
      const state = request.getPreview()
        ? service.previewUpdate(token, olds, news)
        : await service.update(token, request.getId(), olds, news);
      return new proto.UpdateResponse().setProperties(encode(state));
    }),

    delete: unary(async (request: proto.DeleteRequest) => {
      await service.delete(
        request.getType(),
        request.getId(),
        decode(request.getProperties()),
        decode(request.getOldInputs()),
      );
      return new emptyProto.Empty();
    }),

    invoke: unary(async (request: proto.InvokeRequest) => {
      const { result, failures } = await service.invoke(
        request.getTok(),
        decode(request.getArgs()),
      );
      return new proto.InvokeResponse()
        .setReturn(encode(result))
        .setFailuresList(failures.map(toInvokeFailure));
    }),
  };
}

/** A create that failed half way, on its way to the engine. */
class InitFailure extends Error {
  readonly #id: string;
  readonly #properties: Struct;
  readonly #subject: string;

  constructor(id: string, properties: Struct, subject: string, cause: Error) {
    super(cause.message, { cause });
    this.#id = id;
    this.#properties = properties;
    this.#subject = subject;
  }

  toRpcError(confidential: Iterable<string>): grpc.ServiceError {
    return toInitFailure(
      this.#id,
      this.#properties,
      explain(this.cause, this.#subject, confidential),
    );
  }
}

/** A message about one resource. */
interface AboutResource {
  getType(): string;
  getName(): string;
}

/** `ProjectVariable "ying-user"`, or nothing for calls that are not about one resource. */
function subject(request: object): string {
  if (!("getType" in request && "getName" in request)) return "";
  const { getType, getName } = request as AboutResource;
  const [type, name] = [getType.call(request), getName.call(request)];
  return type && name ? `${typeName(type)} "${name}"` : "";
}

/** Secrets that reach the plugin by the environment instead of a message. */
function secretsIn<C extends ConfigProperties, Api>(
  plugin: Plugin<C, Api>,
  environment: NodeJS.ProcessEnv,
) {
  return Object.values(plugin.config)
    .filter(({ secret }) => secret)
    .flatMap(({ env = [] }) => env.flatMap((name) => environment[name] || []));
}

function toStruct(values: Values): Struct {
  return structProto.Struct.fromJavaScript(values as JavaScriptObject);
}

/** The engine prints the whole value of a property that a failure names: a secret, or a long file. */
function toCheckFailure({ property, reason }: Failure): proto.CheckFailure {
  const named = reason.startsWith(`${property} `);
  return new proto.CheckFailure().setReason(named ? reason : `${property}: ${reason}`);
}

function toInvokeFailure({ property, reason }: Failure): proto.CheckFailure {
  return new proto.CheckFailure().setProperty(property).setReason(reason);
}

function toDiffResponse({ differences, deleteBeforeReplace }: Diff): proto.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse()
    .setChanges(differences.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(differences.map(({ property }) => property))
    .setReplacesList(differences.filter(({ replace }) => replace).map(({ property }) => property))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { property, change, replace } of differences) {
    response
      .getDetaileddiffMap()
      .set(property, new proto.PropertyDiff().setKind(diffKind(change, replace)));
  }
  return response;
}

function diffKind(change: "add" | "update", replace: boolean): proto.PropertyDiff.Kind {
  const { ADD, ADD_REPLACE, UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  if (change === "add") return replace ? ADD_REPLACE : ADD;
  return replace ? UPDATE_REPLACE : UPDATE;
}
