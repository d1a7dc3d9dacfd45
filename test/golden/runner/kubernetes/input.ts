import type { RunnerRequest } from "../../../../runner/plan.ts";

export const cacheSecret = "example-account-key";

export const request: RunnerRequest = {
  description: "cluster",
  tags: ["cluster"],
  executor: "kubernetes",
  concurrency: 20,
  requestConcurrency: 4,
  image: "debian:trixie",
  kubernetes: {
    namespace: "ci",
    serviceAccount: "ci-jobs",
    imagePullSecrets: ["registry"],
    nodeSelector: { "kubernetes.io/arch": "amd64" },
    cpuRequest: "500m",
    cpuLimit: "2",
    memoryRequest: "1Gi",
    memoryLimit: "4Gi",
    allowedImages: ["registry.example.com/*"],
  },
  cache: { type: "azure", bucket: "ci-cache", accessId: "exampleaccount" },
  advanced: { kubernetes: { poll_timeout: 600, pod_labels: { team: "infra" } } },
};
