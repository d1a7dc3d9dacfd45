import "./toolchain/settled-environment.ts";
import { defineConfig } from "vitest/config";
import { toolchainPath } from "./toolchain/paths.ts";

const dockerMinutes = 20;
const engineMinutes = 10;
const serviceMinutes = 5;

/** `unit` needs Node.js alone; the others need what `toolchain/setup.ts test` provides. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["**/node_modules/**", "sdks/**", "test/{services,engine,docker}/**"],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: "services",
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          include: ["test/services/**/*.test.ts"],
          testTimeout: serviceMinutes * 60_000,
          hookTimeout: serviceMinutes * 60_000,
        },
      },
      {
        test: {
          name: "engine",
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
          include: ["test/engine/**/*.test.ts"],
          // Pulumi's Automation API looks for the CLI on the PATH of its own process.
          env: { PATH: toolchainPath() },
          testTimeout: engineMinutes * 60_000,
          hookTimeout: engineMinutes * 60_000,
        },
      },
      {
        test: {
          name: "docker",
          sequence: { groupOrder: 3 },
          maxWorkers: 1,
          include: ["test/docker/**/*.test.ts"],
          env: { PATH: toolchainPath() },
          testTimeout: dockerMinutes * 60_000,
          hookTimeout: dockerMinutes * 60_000,
        },
      },
    ],
  },
});
