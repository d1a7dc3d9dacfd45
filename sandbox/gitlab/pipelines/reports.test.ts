import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readDotenv } from "./dotenv.ts";
import { readGzipMembers } from "./gzip-members.ts";

/** A gzip stream with a file's name in its header, as Go writes it. */
function named(name: string, content: string): Buffer {
  const plain = gzipSync(content);
  const header = Buffer.from(plain.subarray(0, 10));
  header.writeUInt8(8, 3);
  return Buffer.concat([header, Buffer.from(`${name}\0`), plain.subarray(10)]);
}

test("Files packed one after another come out one by one, whatever their headers say", () => {
  const packed = Buffer.concat([named("a.xml", "one"), gzipSync(""), gzipSync("three")]);
  expect(readGzipMembers(packed).map(String)).toEqual(["one", "", "three"]);
});

test.each([
  ["text", Buffer.from("this is not packed at all")],
  ["a file that was cut off", gzipSync("some content").subarray(0, -3)],
  [
    "a file with a wrong sum",
    Buffer.from(
      gzipSync("some content").map((byte, at, all) => (at === all.length - 8 ? byte ^ 1 : byte)),
    ),
  ],
  [
    "a file with something after it",
    Buffer.concat([gzipSync("some content"), Buffer.from("rest")]),
  ],
])("Of %s nothing comes out", (_title, bytes) => {
  expect(() => readGzipMembers(bytes)).toThrow(expect.objectContaining({ name: "GzipInvalid" }));
});

const dotenv = (...files: string[]) =>
  readDotenv(Buffer.concat(files.map((file) => gzipSync(file)))).map(
    ({ key, value }) => `${key}=${value}`,
  );

test("A dotenv report gives its lines as they stand, the later of two with one key", () => {
  expect(dotenv('A=1\n B = two words \r\nC="x=y"', "A=2\n")).toEqual([
    "A=2",
    "B=two words",
    'C="x=y"',
  ]);
  expect(dotenv("")).toEqual([]);
});

test.each([
  ["an empty line", "A=1\n\nB=2\n", "Invalid Format"],
  ["a line without a sign", "A\n", "Invalid Format"],
  [
    "a key with a dash",
    "A-B=1\n",
    "Validation failed: Key can contain only letters, digits and '_'.",
  ],
  [
    "21 variables",
    Array.from({ length: 21 }, (_, at) => `A${at}=1`).join("\n"),
    "Dotenv files cannot have more than 20 variables",
  ],
])("A dotenv report with %s is refused", (_title, file, message) => {
  expect(() => dotenv(file)).toThrow(message);
});

test("A dotenv report of 5 KiB is refused", () => {
  const noise = Buffer.alloc(5 * 1024).map((_, at) => (at * 7919) % 251);
  expect(() => readDotenv(Buffer.from(noise))).toThrow(
    "Dotenv Artifact Too Big. Maximum Allowable Size: 5120",
  );
});
