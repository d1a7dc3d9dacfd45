/** Why a service of the sandbox cannot do its work; the message says what to do about it. */
export class SandboxError extends Error {
  readonly code:
    | "invalid-port"
    | "missing-command"
    | "no-privilege"
    | "path-too-long"
    | "port-in-use"
    | "start-failed";

  constructor(code: SandboxError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SandboxError";
    this.code = code;
  }
}
