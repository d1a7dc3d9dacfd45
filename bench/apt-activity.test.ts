import { expect, test } from "vitest";
import { readAptActivity } from "./apt-activity.ts";

const job = (line: string) => `[11:25:59    14 s] compile_on_bookworm > ${line}`;

test("packages that were set up count as installed, with their versions", () => {
  const lines = [
    job("Selecting previously unselected package ying."),
    job("Unpacking ying (1.2.0-1~bookworm) ..."),
    job("Setting up ying (1.2.0-1~bookworm) ..."),
    job("Setting up libprotobuf32:amd64 (3.21.12-3) ..."),
    job("Setting up the build"),
  ];
  const { installed } = readAptActivity(lines);
  expect(installed).toEqual(["ying 1.2.0-1~bookworm", "libprotobuf32 3.21.12-3"]);
});

test("an update and an installation are two runs of apt", () => {
  const lines = [
    job("Get:1 http://127.0.0.1:41639/trunk bookworm InRelease [2354 B]"),
    job("Reading package lists..."),
    job("Reading package lists..."),
    job("Building dependency tree..."),
    job("0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded."),
  ];
  expect(readAptActivity(lines).runs).toBe(2);
});

test("what was fetched is added up, whatever its unit", () => {
  const lines = [
    job("Get:1 http://127.0.0.1:41639/trunk bookworm InRelease [2354 B]"),
    job("Fetched 2931 B in 0s (20.6 kB/s)"),
    job("Fetched 9,213 kB in 1s (6,142 kB/s)"),
    job("Fetched 1.5 MB in 0s (1,500 kB/s)"),
  ];
  expect(readAptActivity(lines).fetched).toBe(10_715_931);
});

test("jobs in which apt did nothing have neither", () => {
  expect(readAptActivity([job("make: Leaving directory '/builds'")])).toEqual({
    runs: 0,
    installed: [],
    fetched: 0,
  });
});
