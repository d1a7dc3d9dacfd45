/** How a service is doing. */
export interface ServiceStatus {
  /** `unavailable` when this machine cannot run it; the rest of the sandbox does without. */
  state: "running" | "stopped" | "unavailable";
  /** Its address while it runs, otherwise a sentence that says why it does not. */
  detail: string;
}

/** What a start came to: it ran already, it was started, or one that was out of date was replaced. */
export type StartOutcome = "left-alone" | "restarted" | "started";

/** A part of the sandbox that is started and stopped on its own. */
export interface Service {
  readonly name: string;
  /**
   * Brings it up and waits until it answers; does nothing when it is up already.
   * @throws SandboxError when it cannot be brought up.
   */
  start(): Promise<StartOutcome>;
  /** Ends it and waits until it is gone. Its data stays. */
  stop(): Promise<void>;
  status(): Promise<ServiceStatus>;
}
