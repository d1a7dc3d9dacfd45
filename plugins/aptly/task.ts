import { ApiError } from "../kit/api-error.ts";

/** A background task. https://www.aptly.info/doc/api/tasks/ */
export interface Task {
  readonly ID: number;
  readonly Name: string;
  /** 0 waits, 1 runs, 2 succeeded, 3 failed. */
  readonly State: 0 | 1 | 2 | 3;
}

export interface FailedTask {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** All that the task wrote; its last line tells the fault. */
  readonly output: string;
  readonly advice?: string | undefined;
}

/** Task numbers start anew when aptly restarts: the same number may be another task. */
export function isForgotten(task: Task, found: Task): boolean {
  return found.Name !== task.Name;
}

/** The error of a task that failed, as if the call itself had answered it. */
export function toTaskError({ output, ...call }: FailedTask): ApiError {
  const fault = /^Task failed with error:\s*(.*)$/ms.exec(output)?.[1] ?? output;
  return new ApiError({ service: "aptly", ...call, answer: fault.trim() });
}
