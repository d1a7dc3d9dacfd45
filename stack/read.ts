import { readFileSync } from "node:fs";
import { getRootDirectory, getStack, log, RunError, runtime } from "@pulumi/pulumi";
import {
  type Configuration,
  readConfiguration,
  selectConfiguration,
} from "../configuration/configuration.ts";
import { ConfigError } from "../validation/config-error.ts";
import type { AptConnections } from "./apt-sources.ts";
import { type Connections, readConnections } from "./connections.ts";
import { readKeyFiles, refuseOwnRepository } from "./key-files.ts";
import { findSecretPaths } from "./secret-paths.ts";
import { readStackFiles } from "./stack-files.ts";

export interface Stack {
  readonly configuration: Configuration;
  readonly connections: Connections & AptConnections;
}

/**
 * Reads and checks everything that the stack's program needs before anything is created, and shows
 * warnings. The environment variable TRUNKLINE_IMAGES goes before `trunkline:images`, for a machine
 * that cannot build images.
 */
export function readStack(environment: NodeJS.ProcessEnv = process.env): Stack {
  const stack = getStack();
  const all = runtime.allConfig();
  try {
    const images = environment.TRUNKLINE_IMAGES;
    const isSecret = toSecretKeys(environment);
    const secrets = findSecretPaths(selectConfiguration(all), {
      ...readStackFiles({
        stack,
        folders: [getRootDirectory(), process.cwd(), environment.PWD ?? ""],
        configFile: environment.PULUMI_OPTION_CONFIG_FILE,
        readFile: readText,
      }),
      namespace: "trunkline",
      isSecret,
    });
    const written = { ...selectConfiguration(all), ...(images && { images }) };
    const configuration = readConfiguration(written, { today: new Date(), stack, secrets });
    const { url, keyFile } = configuration.apt;
    const apt: Record<string, string | undefined> = {
      "trunkline:apt.url": url,
      "trunkline:apt.keyFile": keyFile,
    };
    const configured = (key: string) => apt[key] ?? all[key];
    const connections = readConnections(
      { configured, isSecret, environment, readFile: readText },
      `Stack "${stack}"`,
    );
    for (const warning of configuration.warnings) void log.warn(warning);
    refuseOwnRepository(configuration, connections.aptUrl, `Stack "${stack}"`);
    const keys = readKeyFiles(configuration, readText, `Stack "${stack}"`);
    return { configuration, connections: { ...connections, keys } };
  } catch (error) {
    // RunError is Pulumi's way to end a program without a stack trace.
    if (error instanceof ConfigError) throw new RunError(error.message);
    throw error;
  }
}

/** The language host tells full keys: those whose value is a secret or has one in it. */
function toSecretKeys({ PULUMI_CONFIG_SECRET_KEYS: told }: NodeJS.ProcessEnv) {
  const keys: unknown = JSON.parse(told || "[]");
  return (key: string) => Array.isArray(keys) && keys.includes(key);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
