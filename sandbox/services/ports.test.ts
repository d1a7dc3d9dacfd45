import { expect, test } from "vitest";
import { checkPortIsFree, findFreePorts, readPorts } from "./ports.ts";

test("the ports are the documented ones unless a variable says otherwise", () => {
  expect(readPorts({})).toEqual({ gitlab: 8929, aptly: 8083, apt: 8084, registry: 5050 });
  expect(readPorts({ TRUNKLINE_APT_PORT: "18084" })).toMatchObject({ aptly: 8083, apt: 18084 });
});

test.each(["x", "0", "65536", ""])("%j is refused as a port", (value) => {
  expect(() => readPorts({ TRUNKLINE_REGISTRY_PORT: value })).toThrow(
    expect.objectContaining({ code: "invalid-port" }),
  );
});

test("free ports are four different ones that can be had", async () => {
  const ports = await findFreePorts();
  expect(new Set(Object.values(ports)).size).toBe(4);
  await checkPortIsFree("apt", ports.apt);
});
