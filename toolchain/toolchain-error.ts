/** A set-up step that the user has to help: the message says what is missing and what to run. */
export class ToolchainError extends Error {
  readonly code: "missing-command" | "missing-packages" | "step-failed";

  constructor(code: ToolchainError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ToolchainError";
    this.code = code;
  }
}
