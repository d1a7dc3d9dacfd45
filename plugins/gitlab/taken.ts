import { ConfigError } from "../../rules/config-error.ts";
import { isStatus } from "../kit/api-error.ts";
import { typeName } from "../kit/kind.ts";

/**
 * For a `create` whose object is already there: creating it again is impossible and taking it over
 * unasked would be rude, so the message says how to import it.
 */
export function taken(token: string, id: string, property: string, value: string): ConfigError {
  return refused(token, property, {
    message: `"${value}" is there already`,
    fix: `To manage it here, run: pulumi import ${token} <name> '${id}'`,
  });
}

/** For a path that is still borne by a group or project marked for deletion, as before GitLab 18. */
export function awaitsDeletion(token: string, property: string, value: string): ConfigError {
  return refused(token, property, {
    message: `"${value}" waits for its deletion in GitLab`,
    fix: "Restore it there, or remove it for good, then run pulumi up again.",
  });
}

/** Whether GitLab refused a group or a project because its path is in use. */
export function isPathTaken(error: unknown): boolean {
  return isStatus(error, 400) && /\bpath\W*has already been taken/.test(error.answer);
}

function refused(token: string, path: string, words: { message: string; fix: string }) {
  const faults = [{ path, ...words }];
  return new ConfigError({ code: "arguments", subject: typeName(token), faults });
}
