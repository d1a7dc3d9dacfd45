import type * as grpc from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { typeName } from "./kind.ts";
import { explain, toInitFailure, toRpcError } from "./rpc-error.ts";

export type Unary = grpc.handleUnaryCall<unknown, unknown>;

/** A create that failed half way, on its way to the engine. */
export class InitFailure extends Error {
  readonly id: string;
  readonly state: Struct;

  constructor(id: string, state: Struct, cause: Error) {
    super(cause.message, { cause });
    this.id = id;
    this.state = state;
  }
}

/** The handler of one call. What it throws becomes the call's error, without anything confidential. */
export function unary<Request extends object>(
  confidential: Iterable<string>,
  handle: (request: Request) => unknown,
): Unary {
  return (call, callback) => {
    const request = call.request as Request;
    Promise.resolve(request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error, request, confidential)),
      );
  };
}

function toServiceError(
  error: unknown,
  request: object,
  confidential: Iterable<string>,
): grpc.ServiceError {
  const words = (cause: unknown) =>
    withUrn(explain(cause, subjectOf(request), confidential), request);
  if (!(error instanceof InitFailure)) return toRpcError(words(error));
  return toInitFailure(error.id, error.state, words(error.cause));
}

/** A command in an error names its resource by `<urn>`, which only the call knows. */
function withUrn(text: string, request: object): string {
  if (!("getUrn" in request)) return text;
  const { getUrn } = request as { getUrn(): string };
  return text.replaceAll("<urn>", () => getUrn.call(request) || "<urn>");
}

/** A message about one resource. */
interface AboutResource {
  getType(): string;
  getName(): string;
}

/** `ProjectVariable "ying-user"`, or nothing for calls that are not about one resource. */
function subjectOf(request: object): string {
  if (!("getType" in request && "getName" in request)) return "";
  const { getType, getName } = request as AboutResource;
  const [type, name] = [getType.call(request), getName.call(request)];
  return type && name ? `${typeName(type)} "${name}"` : "";
}
