import { describe, it } from "vitest";
import { type AptlyBinary, findAptlyBinaries } from "./aptly-scene.ts";

const lines = ["1.5", "1.6"];

/** Runs the cases on every aptly found; a line of releases without one shows as one skipped test, with the reason. */
export function describeEveryAptly(name: string, cases: (binary: AptlyBinary) => void): void {
  const binaries = findAptlyBinaries();
  for (const binary of binaries) {
    describe(`${name} on aptly ${binary.version}`, () => cases(binary));
  }
  for (const line of lines.filter(
    (each) => !binaries.some(({ version }) => version.startsWith(each)),
  )) {
    it(`${name} on aptly ${line}`, ({ skip }) =>
      skip(
        `no aptly ${line} is installed; run make test, which builds it, or set TRUNKLINE_APTLY_BINARIES`,
      ));
  }
}
