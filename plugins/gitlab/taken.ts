import { ConfigError } from "../../validation/config-error.ts";
import { type ApiError, isStatus } from "../kit/api-error.ts";
import { typeName } from "../kit/kind.ts";

export { taken } from "../kit/taken.ts";

/** For a path that is still borne by a group or project marked for deletion, as before GitLab 18. */
export function awaitsDeletion(token: string, property: string, value: string): ConfigError {
  const fault = {
    path: property,
    message: `"${value}" waits for its deletion in GitLab`,
    fix: "Restore it there, or remove it for good, then run pulumi up again.",
  };
  return new ConfigError({ code: "arguments", subject: typeName(token), faults: [fault] });
}

/** Whether GitLab refused a group or a project because its path is in use. */
export function isPathTaken(error: unknown): boolean {
  return isStatus(error, 400) && /\bpath\W*has already been taken/.test(error.answer);
}

/** A refused update, with what to do where another one has the path or the name that it asks for. */
export function withHolder(
  error: ApiError,
  { kind, fullPath }: { readonly kind: "group" | "project"; readonly fullPath: string },
  { path, name }: Readonly<Record<string, unknown>>,
): ApiError {
  const namespace = fullPath.split("/").slice(0, -1);
  const advise = (held: string, key: string) =>
    error.withAdvice(
      `Another ${kind} has the ${held}. Rename or remove that one, or take another ${key}.`,
    );
  if (isPathTaken(error)) return advise(`path ${[...namespace, path].join("/")}`, "path");
  if (!/\bname\W*has already been taken/.test(error.answer)) return error;
  return advise(
    `name "${name}"${namespace.length > 0 ? ` in ${namespace.join("/")}` : ""}`,
    "name",
  );
}
