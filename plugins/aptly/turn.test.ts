import { expect, it } from "vitest";
import { isStatus } from "../kit/api-error.ts";
import { Aptly } from "./client.ts";

/** A proxy that has other callers' changes before this one's, `busy` times. */
function behindOthers(busy: number, turnPatience?: number) {
  const calls: string[] = [];
  const reports: string[] = [];
  const aptly = new Aptly({
    url: "http://127.0.0.1/api",
    retries: 0,
    report: (sentence) => reports.push(sentence),
    ...(turnPatience !== undefined && { turnPatience }),
    async fetch(input) {
      const { method, url } = input as Request;
      calls.push(`${method} ${new URL(url).pathname}`);
      return calls.length > busy
        ? Response.json({ Name: "infra" })
        : new Response("<html></html>", { status: 429 });
    },
  });
  return { aptly, calls, reports };
}

it("waits for its turn however few retries there are, and says so once", async () => {
  const { aptly, calls, reports } = behindOthers(2);
  expect(await aptly.post("/repos", { Name: "infra" })).toEqual({ Name: "infra" });
  expect(calls).toEqual(["POST /api/repos", "POST /api/repos", "POST /api/repos"]);
  expect(reports).toEqual(["aptly is busy with another caller's change: waiting."]);
});

it("says nothing when nobody is before it", async () => {
  const { aptly, reports } = behindOthers(0);
  await aptly.post("/repos", { Name: "infra" });
  expect(reports).toEqual([]);
});

it("gives up at the end of its patience, and says what to do", async () => {
  const { aptly } = behindOthers(Number.POSITIVE_INFINITY, 1);
  const fault = await aptly.delete("/repos/infra").catch((error: unknown) => error);
  expect(isStatus(fault, 429)).toBe(true);
  expect(String(fault)).toContain("run pulumi up again later");
});
