import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type engineProto from "@pulumi/pulumi/proto/engine_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { expect, it, onTestFinished } from "vitest";
import { engineLog } from "./engine-log.ts";

it("tells the engine a sentence that is not taken for a part of what is shown around it", async () => {
  const { promise: told, resolve } = Promise.withResolvers<string>();
  const engine = new grpc.Server();
  onTestFinished(() => engine.forceShutdown());
  const log: grpc.handleUnaryCall<engineProto.LogRequest, unknown> = ({ request }, answer) => {
    resolve(request.getMessage());
    answer(null, new emptyProto.Empty());
  };
  const service = engineServices.EngineService as unknown as { readonly log: object };
  engine.addService({ log: service.log } as grpc.ServiceDefinition, { log });
  const credentials = grpc.ServerCredentials.createInsecure();
  const port = await new Promise<number>((bound, failed) =>
    engine.bindAsync("127.0.0.1:0", credentials, (error, number) =>
      error ? failed(error) : bound(number),
    ),
  );
  engineLog(`127.0.0.1:${port}`)("It is linted later.");
  expect(await told).toBe("info: It is linted later.");
});
