import { ApiError } from "../kit/api-error.ts";
import type { Wait } from "../kit/cancellation.ts";
import type { Http } from "../kit/http.ts";
import { advice } from "./advice.ts";

/** A background task. https://www.aptly.info/doc/api/tasks/ */
export interface Task {
  readonly ID: number;
  readonly Name: string;
  /** 0 waits, 1 runs, 2 succeeded, 3 failed. */
  readonly State: 0 | 1 | 2 | 3;
}

/** The call that became a task, for errors about it. */
export interface TaskCall {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
}

/** Waits for the end of a task and removes it from the server's list; throws the task's fault. */
export async function waitForTask(http: Http, task: Task, call: TaskCall): Promise<void> {
  for await (const _ of looks(http, `aptly's task ${task.ID}`)) {
    const now = await http.find<Task>(`/tasks/${task.ID}`);
    if (now === undefined || isForgotten(task, now)) throw forgotten(task, call);
    if (now.State === 2) return tidy(http, task);
    if (now.State === 3) throw await readFailure(http, task, call);
  }
}

/** Waits until every task that is under way now has ended: one of them may be ours. */
export async function waitForAllTasks(http: Http): Promise<void> {
  const first = await listUnderWay(http);
  if (first.length === 0) return;
  for await (const _ of looks(http, "aptly's tasks")) {
    const now = await listUnderWay(http);
    if (!now.some((id) => first.includes(id))) return;
  }
}

/** Task numbers start anew when aptly restarts: the same number may be another task. */
export function isForgotten(task: Task, found: Task): boolean {
  return found.Name !== task.Name;
}

/** The error of a task that failed, as if the call itself had answered it; `output` is all that the task wrote. */
export function toTaskError(call: TaskCall, status: number, output: string): ApiError {
  const fault = /^Task failed with error:\s*(.*)$/ms.exec(output)?.[1] ?? output;
  const answer = fault.trim();
  return new ApiError({ service: "aptly", ...call, status, answer, advice: advice[status] });
}

/** The times to look at a task: small ones end at once, a large publish takes minutes. Milliseconds. */
async function* looks(
  { cancellation }: Http,
  tasks: string,
  first = 50,
  last = 2_000,
): AsyncGenerator<void> {
  const wait: Wait = { for: tasks, left: "aptly goes on with what it has begun", isUnderWay: true };
  for (let delay = first; ; delay = Math.min(delay * 1.5, last)) {
    await cancellation.pause(delay, wait);
    yield;
  }
}

/** aptly 1.5 writes an empty list as null. */
async function listUnderWay(http: Http): Promise<number[]> {
  const tasks = (await http.get<Task[] | null>("/tasks")) ?? [];
  return tasks.filter(({ State }) => State < 2).map(({ ID }) => ID);
}

async function readFailure(http: Http, task: Task, call: TaskCall): Promise<ApiError> {
  const { ID } = task;
  const output = await http.get<string>(`/tasks/${ID}/output`);
  const result = await http.get<{ Code: number } | null>(`/tasks/${ID}/return_value`);
  await tidy(http, task);
  return toTaskError(call, result?.Code ?? 500, output);
}

/** Removes an ended task from aptly's list. The change is done, so that a failure here fails nothing. */
async function tidy(http: Http, { ID }: Task): Promise<void> {
  try {
    await http.delete(`/tasks/${ID}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function forgotten({ ID }: Task, call: TaskCall): ApiError {
  const answer = `aptly restarted and forgot task ${ID}`;
  return new ApiError({ service: "aptly", ...call, answer, advice: "Run pulumi up again." });
}
