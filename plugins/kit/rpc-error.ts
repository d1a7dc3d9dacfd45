import * as grpc from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { ConfigError } from "../../validation/config-error.ts";
import { ApiError } from "./api-error.ts";
import { CancelledError } from "./cancellation.ts";
import { UnusableError } from "./connection.ts";
import { HalfCreatedError } from "./kind.ts";
import { redact } from "./redaction.ts";

/** `ProjectVariable "ying-user": gitlab: POST … answered 400: …`; a stack trace only for faults of ours. */
export function explain(error: unknown, subject: string, confidential: Iterable<string>): string {
  const text = error instanceof Error ? words(error) : String(error);
  return redact(subject ? `${subject}: ${withoutKind(text, subject)}` : text, confidential);
}

/** A kind's own errors begin with its name, which the subject has already. */
function withoutKind(text: string, subject: string): string {
  const kind = `${subject.slice(0, subject.indexOf(" "))}: `;
  return text.startsWith(kind) ? text.slice(kind.length) : text;
}

/** What a user can do something about. */
const expected = [ApiError, ConfigError, CancelledError, UnusableError];

function words(error: Error): string {
  if (error instanceof HalfCreatedError && error.cause instanceof Error) return words(error.cause);
  return expected.some((type) => error instanceof type)
    ? error.message
    : `this is a fault of the plugin. ${error.stack ?? error.message}`;
}

export function toRpcError(details: string): grpc.ServiceError {
  return Object.assign(new Error(details), {
    code: grpc.status.UNKNOWN,
    details,
    metadata: new grpc.Metadata(),
  });
}

/** Tells the engine to keep the object in state although its creation did not finish. */
export function toInitFailure(id: string, state: Struct, details: string): grpc.ServiceError {
  const detail = new proto.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(state);
  detail.setReasonsList([details]);
  detail.setRefreshBeforeUpdate(true);
  const any = new anyProto.Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statusProto.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(details);
  status.addDetails(any);
  const error = toRpcError(details);
  // The trailer in which gRPC carries structured details: https://grpc.io/docs/guides/error/
  error.metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return error;
}
