/** A Docker engine that answers. */
export interface Docker {
  /** Environment variables that lead Docker's command to it; empty for the user's own engine. */
  environment: Record<string, string>;
  /** Prints nothing itself. @throws PipelineError `docker-failed` with Docker's own words. */
  run(list: readonly string[], options?: DockerOptions): Promise<string>;
}

export interface DockerOptions {
  /** Given to Docker's own process, for `--env NAME` without a value. */
  env?: Record<string, string>;
  /** Standard input. Default: empty. */
  input?: string;
}
