import type { Declared } from "./declared.ts";
import type { GitLabWorld } from "./gitlab-world.ts";

/** Answers what the program looks up, from what was read. */
export function answerLookup({ groups }: GitLabWorld) {
  return (token: string, inputs: Declared["inputs"]): Declared["inputs"] => {
    const isGroup = token.endsWith(":getGroup");
    // The names that the program gives do not depend on them, and the preview afterwards lints.
    if (!isGroup) return { ...inputs, outputs: {}, userId: 0, packages: 0, unlinted: "" };
    const found = groups.find(({ row }) => row.full_path === inputs.fullPath);
    return { ...inputs, ...(found && { groupId: found.row.id }) };
  };
}
