import type { AccessLevel } from "./entities.ts";

const descriptions: Record<number, string> = {
  0: "No one",
  30: "Developers + Maintainers",
  40: "Maintainers",
  60: "Administrators",
};

/** One entry of a protection's level lists, as the free tier answers it. */
export function toLevelRow({ id, access_level }: AccessLevel) {
  return {
    id,
    access_level,
    access_level_description: descriptions[access_level] ?? `${access_level}`,
    deploy_key_id: null,
  };
}
