import { describe, expect, it } from "vitest";
import {
  type BranchProtection,
  fromRow,
  type Row,
  toChanges,
  toRow,
} from "./branch-protection-row.ts";

/** As the Enterprise Edition answers: a role, a user and a deploy key may push, a group may merge. */
const enterprise: Row = {
  id: 7,
  name: "main",
  push_access_levels: [
    { id: 1, access_level: 40, user_id: null, group_id: null },
    { id: 2, access_level: 40, user_id: 12, group_id: null },
    { id: 3, access_level: 40, user_id: null, group_id: null, deploy_key_id: 5 },
  ],
  merge_access_levels: [{ id: 4, access_level: 30, user_id: null, group_id: 9 }],
  unprotect_access_levels: [],
  allow_force_push: false,
  code_owner_approval_required: true,
};

const community: Row = {
  id: 7,
  name: "main",
  push_access_levels: [{ id: 1, access_level: 40 }],
  merge_access_levels: [{ id: 2, access_level: 30 }],
  allow_force_push: false,
};

const wanted: BranchProtection = {
  project: "infra/datahook",
  branch: "main",
  allowForcePush: false,
  codeOwnerApprovalRequired: true,
};

describe("a row of the Community Edition", () => {
  it("has one role for pushing and one for merging, and no lists", () => {
    expect(fromRow(community, {})).toEqual({
      branchProtectionId: 7,
      pushAccessLevel: "maintainer",
      mergeAccessLevel: "developer",
      allowForcePush: false,
      codeOwnerApprovalRequired: false,
    });
  });
});

describe("a row of the Enterprise Edition", () => {
  it("is all lists when the program sets no role", () => {
    expect(fromRow(enterprise, {})).toMatchObject({
      pushAccessLevel: null,
      mergeAccessLevel: null,
      allowedToPushes: [{ accessLevel: "maintainer" }, { userId: 12 }, { deployKeyId: 5 }],
      allowedToMerges: [{ groupId: 9 }],
      allowedToUnprotects: [],
      codeOwnerApprovalRequired: true,
    });
  });

  it("has its role apart when the program sets one", () => {
    expect(fromRow(enterprise, { pushAccessLevel: "maintainer" })).toMatchObject({
      pushAccessLevel: "maintainer",
      allowedToPushes: [{ userId: 12 }, { deployKeyId: 5 }],
    });
  });
});

describe("what is sent", () => {
  it("to make one has roles as numbers and lists in GitLab's words", () => {
    const lists = { allowedToMerges: [{ groupId: 9 }], allowedToPushes: [] };
    expect(toRow({ ...wanted, pushAccessLevel: "no one", ...lists })).toEqual({
      name: "main",
      allow_force_push: false,
      code_owner_approval_required: true,
      push_access_level: 0,
      allowed_to_merge: [{ group_id: 9 }],
    });
  });

  it("to change one is nothing when lists differ in order only", () => {
    const allowedToPushes = [
      { deployKeyId: 5 },
      { accessLevel: "maintainer" as const },
      { userId: 12 },
    ];
    expect(toChanges({ ...wanted, allowedToPushes }, enterprise)).toEqual({});
  });

  it("to change one adds what is new and removes what is superfluous, by its number", () => {
    const lists = {
      allowedToPushes: [{ accessLevel: "maintainer" as const }, { userId: 13 }],
      allowedToMerges: [],
    };
    const changes = { ...wanted, codeOwnerApprovalRequired: false, ...lists };
    expect(toChanges(changes, enterprise)).toEqual({
      code_owner_approval_required: false,
      allowed_to_push: [{ user_id: 13 }, { id: 2, _destroy: true }, { id: 3, _destroy: true }],
      allowed_to_merge: [{ id: 4, _destroy: true }],
    });
  });

  it("to change one leaves a role that the program sets beside a list", () => {
    const given = { pushAccessLevel: "maintainer" as const, allowedToPushes: [{ userId: 12 }] };
    expect(toChanges({ ...wanted, ...given }, enterprise)).toEqual({
      allowed_to_push: [{ id: 3, _destroy: true }],
    });
  });
});
