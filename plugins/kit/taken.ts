import { ConfigError } from "../../validation/config-error.ts";
import { importCommand } from "./import-command.ts";
import { typeName } from "./kind.ts";

/**
 * For a `create` whose object is already there: creating it again is impossible and taking it over
 * unasked would be rude, so the message says how to import it.
 */
export class TakenError extends ConfigError {
  /** The object's, by which it is read and imported. */
  readonly id: string;

  constructor(token: string, id: string, property: string, message: string, fix: string) {
    super({
      code: "arguments",
      subject: typeName(token),
      faults: [{ path: property, message, fix }],
    });
    this.id = id;
  }

  /** The same with the command that imports the object as the resource of this URN. */
  for(token: string, urn: string): ConfigError {
    const faults = this.faults.map((fault) => ({
      ...fault,
      fix: `${fault.fix} run: ${importCommand(urn, this.id)}`,
    }));
    return new ConfigError({ code: this.code, subject: typeName(token), faults });
  }
}

/** @param otherwise What can be done instead of an import, `give it another name`. */
export function taken(
  token: string,
  id: string,
  property: string,
  value: string,
  otherwise?: string,
): TakenError {
  const fix = otherwise ? `Either ${otherwise}, or to manage it here,` : "To manage it here,";
  return new TakenError(token, id, property, `"${value}" is there already`, fix);
}
