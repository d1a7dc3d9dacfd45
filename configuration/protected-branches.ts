import { z } from "zod";
import { text } from "../validation/schema-text.ts";
import { branchPattern } from "../validation/text-rules.ts";

const role = z.enum(["no one", "developer", "maintainer", "admin"]);

/** How one branch, or those that a wildcard names, is protected. */
const protectedBranch = z
  .strictObject({
    push: role.default("maintainer").meta({ description: "Lowest role that pushes." }),
    merge: role.default("maintainer").meta({ description: "Lowest role that merges." }),
    forcePush: z.boolean().default(false).meta({
      description: "Whether those who push may rewrite history.",
    }),
  })
  .meta({ placeholder: "branch" });

/** By branch or wildcard: `release/*`. https://docs.gitlab.com/user/project/repository/branches/protected/ */
export const protectedBranches = z.record(text(branchPattern), protectedBranch);

export type ProtectedBranches = z.output<typeof protectedBranches>;
