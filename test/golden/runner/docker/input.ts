import type { RunnerRequest } from "../../../../runner/plan.ts";

export const request: RunnerRequest = {
  description: "infra",
  tags: ["infra"],
  concurrency: 2,
  image: "debian:bookworm",
};
