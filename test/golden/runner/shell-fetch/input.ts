import type { RunnerRequest } from "../../../../runner/plan.ts";

export const request: RunnerRequest = {
  description: "bare metal",
  tags: ["metal"],
  executor: "shell",
  shell: "bash",
  concurrency: 2,
  gitStrategy: "fetch",
  buildsPerSlot: true,
  buildsFolder: "/srv/builds",
  cache: { type: "gcs", bucket: "ci-cache", credentialsFile: "/etc/gitlab-runner/gcs.json" },
};
