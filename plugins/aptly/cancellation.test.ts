import { describe, expect, it, vi } from "vitest";
import { Cancellation } from "../kit/cancellation.ts";
import { HalfCreatedError } from "../kit/kind.ts";
import { Aptly } from "./client.ts";

/** aptly's answers by call; calls to `/tasks/1` find a task that never ends. */
function connect(cancellation: Cancellation, answers: Record<string, () => Response>) {
  const calls: string[] = [];
  const aptly = new Aptly({
    url: "http://127.0.0.1/api",
    retries: 0,
    report: () => undefined,
    cancellation,
    async fetch(input) {
      const { method, url } = input as Request;
      const call = `${method} ${new URL(url).pathname.slice("/api".length)}`;
      calls.push(call);
      return answers[call]?.() ?? new Response("{}", { status: 404 });
    },
  });
  const asked = (call: string) => vi.waitFor(() => expect(calls).toContain(call));
  const make = () =>
    aptly
      .make(
        "infra",
        { name: "infra" },
        () => aptly.run("post", "/repos", {}),
        () => aptly.get("/repos/infra"),
      )
      .catch((error: unknown) => error);
  return { aptly, calls, asked, make };
}

const task = { ID: 1, Name: "Create repo infra", State: 1 };
const begun = () => Response.json(task, { status: 202 });

describe("when the update is cancelled", () => {
  it("a change that waits for its turn was not done, and nothing is kept of it", async () => {
    const cancellation = new Cancellation();
    const { calls, asked, make } = connect(cancellation, {
      "POST /repos": () => new Response("", { status: 429 }),
    });
    const making = make();
    await asked("POST /repos");
    cancellation.cancel();
    expect(String(await making)).toBe(
      "Error: stopped waiting for its turn at aptly: the update was cancelled. POST /repos was not done; run the same command again to go on.",
    );
    expect(calls).toHaveLength(1);
  });

  it("a change that waits for a lock was not done", async () => {
    const cancellation = new Cancellation();
    const { asked, make } = connect(cancellation, {
      "POST /repos": () =>
        Response.json({ error: "Needed resources are used by other tasks." }, { status: 409 }),
    });
    const making = make();
    await asked("POST /repos");
    cancellation.cancel();
    expect(String(await making)).toMatch(/stopped waiting for the tasks that .* was not done/);
  });

  it("a task that ends within a grace is waited for", async () => {
    const cancellation = new Cancellation();
    const { make, asked } = connect(cancellation, {
      "POST /repos": begun,
      "GET /tasks/1": () => Response.json({ ...task, State: cancellation.now.aborted ? 2 : 1 }),
      "DELETE /tasks/1": () => Response.json({}),
      "GET /repos/infra": () => Response.json({ Name: "infra" }),
    });
    const making = make();
    await asked("GET /tasks/1");
    cancellation.cancel();
    expect(await making).toEqual({ Name: "infra" });
  });

  it("what a longer task makes is kept in state", async () => {
    const cancellation = new Cancellation(1);
    const answers = { "POST /repos": begun, "GET /tasks/1": () => Response.json(task) };
    const { make, asked } = connect(cancellation, answers);
    const making = make();
    await asked("GET /tasks/1");
    cancellation.cancel();
    const fault = await making;
    expect(fault).toBeInstanceOf(HalfCreatedError);
    expect(fault).toMatchObject({ id: "infra", state: { name: "infra" } });
    expect(String(fault)).toContain("aptly goes on with what it has begun");
  });

  it("a publish that waits for another of its prefix is not begun", async () => {
    const cancellation = new Cancellation();
    const { aptly } = connect(cancellation, {});
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = aptly.publishing("trunk", () => promise);
    const second = aptly.publishing("trunk", () => Promise.resolve("published"));
    cancellation.cancel();
    resolve();
    await first;
    await expect(second).rejects.toThrow("stopped waiting for its turn");
  });
});

it("keeps in state what is made but cannot be read back", async () => {
  const { make } = connect(new Cancellation(), {
    "POST /repos": () => Response.json({}),
    "GET /repos/infra": () => new Response("", { status: 500 }),
  });
  expect(await make()).toMatchObject({ code: "half-created", id: "infra" });
});
