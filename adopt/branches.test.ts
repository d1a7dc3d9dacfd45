import { expect, test } from "vitest";
import { toProtectedBranches } from "./branches.ts";
import type { ProtectionRow } from "./gitlab-rows.ts";

const row: ProtectionRow = {
  name: "release/*",
  push_access_levels: [{ access_level: 0 }],
  merge_access_levels: [{ access_level: 30 }],
  allow_force_push: true,
};

test("a protected branch keeps its roles", () => {
  expect(toProtectedBranches([row], "infra/ying")).toEqual({
    entry: { "release/*": { push: "no one", merge: "developer", forcePush: true } },
    secrets: [],
    remarks: [],
  });
});

test.each<Partial<ProtectionRow>>([
  { push_access_levels: [{ access_level: 40 }, { access_level: null, user_id: 7 }] },
  { merge_access_levels: [{ access_level: 40, group_id: 7 }] },
  { code_owner_approval_required: true },
])("%j is left alone", (change) => {
  const { entry, remarks } = toProtectedBranches([{ ...row, ...change }], "infra/ying");
  expect(entry).toEqual({});
  expect(remarks).toEqual([expect.stringContaining("infra/ying: the protection of release/*")]);
});
