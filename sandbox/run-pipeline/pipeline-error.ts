/** Why a pipeline could not be run here; the message says what to do about it. */
export class PipelineError extends Error {
  readonly code:
    | "usage"
    | "no-example"
    | "no-project"
    | "git-failed"
    | "docker-failed"
    | "no-runner"
    | "no-pipeline"
    | "runner-failed"
    | "jobs-failed"
    | "proof-failed";

  constructor(code: PipelineError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PipelineError";
    this.code = code;
  }
}
