import type { Fault } from "../validation/config-error.ts";
import { toConfigPath } from "./faults.ts";

/** Who sees a group or a project, from the few to all. */
export const visibilities = ["private", "internal", "public"] as const;

export type Visibility = (typeof visibilities)[number];

/** GitLab refuses a project that more people see than its group: https://docs.gitlab.com/user/public_access/ */
export function checkVisibility(
  name: string,
  visibility: Visibility,
  ofGroup: Visibility,
): Fault[] {
  const allowed = visibilities.slice(0, visibilities.indexOf(ofGroup) + 1);
  if (allowed.includes(visibility)) return [];
  return [
    {
      path: toConfigPath(["packages", name, "visibility"]),
      message: `"${visibility}" is more than GitLab allows in the package's group, which is ${ofGroup}`,
      fix: `Set it to ${allowed.join(" or ")}, or the group's visibility to "${visibility}".`,
    },
  ];
}
