import * as grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineProto from "@pulumi/pulumi/proto/engine_pb.js";

/** Tells the user a sentence while a call is under way, as a warning about a resource where its URN is given. It must hold nothing secret. */
export type Report = (sentence: string, urn?: string) => void;

/**
 * The engine's own log: its lines are among what `pulumi up` prints. By standard error where there is no
 * engine, or none any more.
 * @param address Where the engine listens, which it tells a plugin as its first argument.
 */
export function engineLog(address?: string): Report {
  const print: Report = (sentence) => void process.stderr.write(`${sentence}\n`);
  if (address === undefined) return print;
  const engine = new engineServices.EngineClient(address, grpc.credentials.createInsecure());
  const { INFO, WARNING } = engineProto.LogSeverity;
  return (sentence, urn = "") => {
    const request = new engineProto.LogRequest()
      .setSeverity(urn === "" ? INFO : WARNING)
      .setUrn(urn)
      // A warning gets its word from the engine, other lines do not: they would read as a part of what is shown around them.
      .setMessage(urn === "" ? `info: ${sentence}` : sentence);
    engine.log(request, (error) => {
      if (error !== null) print(sentence);
    });
  };
}
