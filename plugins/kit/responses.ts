import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Diff } from "./diff.ts";
import type { Failure } from "./kind.ts";

export function toCheckResponse(inputs: Struct, failures: readonly Failure[]): proto.CheckResponse {
  return new proto.CheckResponse().setInputs(inputs).setFailuresList(failures.map(toCheckFailure));
}

/** The engine prints the whole value of a property that a failure names: a secret, or a long file. */
function toCheckFailure({ property, reason }: Failure): proto.CheckFailure {
  const named = reason.startsWith(`${property} `);
  return new proto.CheckFailure().setReason(named ? reason : `${property}: ${reason}`);
}

export function toInvokeResponse(
  result: Struct,
  failures: readonly Failure[],
): proto.InvokeResponse {
  const list = failures.map(({ property, reason }) =>
    new proto.CheckFailure().setProperty(property).setReason(reason),
  );
  return new proto.InvokeResponse().setReturn(result).setFailuresList(list);
}

export function toDiffResponse({ differences, deleteBeforeReplace }: Diff): proto.DiffResponse {
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
