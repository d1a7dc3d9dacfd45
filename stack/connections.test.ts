import { describe, expect, it } from "vitest";
import { ConfigError } from "../validation/config-error.ts";
import { type ConnectionSources, readConnections } from "./connections.ts";

const environment = {
  GITLAB_BASE_URL: "https://gitlab.example.com/api/v4/",
  APTLY_URL: "https://aptly.example.com/api",
  APTLY_USERNAME: "trunkline",
  APTLY_PASSWORD: "a-password",
  APT_URL: "https://apt.example.com",
  APT_KEY_FILE: "apt.asc",
};

function read(sources: Partial<ConnectionSources>) {
  const everything = {
    configured: () => undefined,
    isSecret: () => false,
    environment,
    readFile: () => "the key",
  };
  return readConnections({ ...everything, ...sources }, 'Stack "dev"');
}

function faultsOf(sources: Partial<ConnectionSources>) {
  try {
    read(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("the connections of a stack", () => {
  it("come from the environment when the configuration is silent", () => {
    expect(read({})).toEqual({
      gitlabUrl: "https://gitlab.example.com",
      aptlyUrl: "https://aptly.example.com/api",
      aptlyUsername: "trunkline",
      aptlyPassword: "a-password",
      aptUrl: "https://apt.example.com",
      aptKey: "the key",
    });
  });

  it("come from the configuration first", () => {
    const configured = (key: string) =>
      key === "aptly:url" ? "https://other.example.com/api" : "";
    expect(read({ configured }).aptlyUrl).toBe("https://other.example.com/api");
  });

  it("are all named when missing, each with both places to set it", () => {
    const faults = faultsOf({ environment: {} });
    expect(faults.map(({ path }) => path)).toEqual([
      "trunkline:apt.keyFile",
      "gitlab:baseUrl",
      "aptly:url",
      "aptly:username",
      "aptly:password",
      "trunkline:apt.url",
    ]);
    expect(faults[1]?.fix).toContain("GITLAB_BASE_URL");
  });

  it("name a key file that cannot be read", () => {
    const [fault, ...others] = faultsOf({ readFile: () => undefined });
    expect(fault).toMatchObject({
      path: "trunkline:apt.keyFile",
      message: '"apt.asc" cannot be read',
    });
    expect(others).toEqual([]);
  });

  it("are not secrets but for the password, and are told without their value", () => {
    const configured = () => "https://hush.example.com";
    const faults = faultsOf({ configured, isSecret: () => true });
    expect(faults.map(({ path }) => path).sort()).toEqual([
      "aptly:url",
      "aptly:username",
      "gitlab:baseUrl",
      "trunkline:apt.keyFile",
      "trunkline:apt.url",
    ]);
    expect(JSON.stringify(faults)).not.toContain("hush");
  });
});
