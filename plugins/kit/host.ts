import * as grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineLog } from "./engine-log.ts";
import { toHandlers } from "./handlers.ts";
import { endLeftovers } from "./leftovers.ts";
import type { ConfigProperties, Plugin } from "./plugin.ts";

/** GitLab answers, aptly package lists and rendered files pass gRPC's default of 4 MiB. */
const maxMessageBytes = 400 * 1024 * 1024;

/**
 * Serves a plugin to the Pulumi engine: starts the gRPC server and prints its port, as the engine
 * expects of every plugin. `@pulumi/pulumi/provider` has such a host, but it does not hand the provider's
 * configuration on and leaves secrets and unknown values in wire form.
 */
export async function serve<C extends ConfigProperties, Api>(
  plugin: Plugin<C, Api>,
): Promise<void> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  const handlers = toHandlers(plugin, process.env, engineLog(process.argv[2]));
  server.addService(providerServices.ResourceProviderService, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  process.stdout.write(`${port}\n`);
  leaveWithParent();
  await endLeftovers();
}

/** An engine that is killed cannot stop its plugins: they see that they have another parent. */
function leaveWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit();
  }, 1000).unref();
}
