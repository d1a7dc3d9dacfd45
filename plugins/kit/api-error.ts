/** `unreachable`: no answer at all; `refused`: an answer that is not a success. */
export type ApiErrorCode = "unreachable" | "refused";

export interface ApiErrorDetails {
  /** Name of the far side as the user knows it: `gitlab`, `aptly`. */
  readonly service: string;
  readonly method: string;
  /** Path below the base URL, without query. */
  readonly path: string;
  readonly status?: number;
  /** The far side's own words. */
  readonly answer: string;
  /** What the user can do about it; a sentence. */
  readonly advice?: string | undefined;
  readonly cause?: unknown;
}

/** A call to GitLab or aptly that failed. Its message carries no token, header or query. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly answer: string;
  readonly #details: ApiErrorDetails;

  constructor(details: ApiErrorDetails) {
    const { service, method, path, status, answer, advice, cause } = details;
    const outcome = status === undefined ? "got no answer" : `answered ${status}`;
    const words = answer.replace(/\.?\s*$/, ".");
    super(`${service}: ${method} ${path} ${outcome}: ${words}${advice ? ` ${advice}` : ""}`, {
      cause,
    });
    this.name = "ApiError";
    this.code = status === undefined ? "unreachable" : "refused";
    this.method = method;
    this.path = path;
    this.status = status;
    this.answer = answer;
    this.#details = details;
  }

  /** The same failure with other words on what to do. */
  withAdvice(advice: string): ApiError {
    return new ApiError({ ...this.#details, advice });
  }
}

export function isStatus(error: unknown, ...statuses: number[]): error is ApiError {
  return error instanceof ApiError && error.status !== undefined && statuses.includes(error.status);
}
