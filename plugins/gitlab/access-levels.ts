/** Roles by number. https://docs.gitlab.com/api/access_requests/#valid-access-levels */
export const accessLevels = {
  "no one": 0,
  minimal: 5,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
  admin: 60,
} as const;

export type AccessLevel = keyof typeof accessLevels;

/** Those that may be let through a branch or tag protection. */
export const protectionLevels = ["no one", "developer", "maintainer", "admin"] as const;

export type ProtectionLevel = (typeof protectionLevels)[number];

/** `undefined` for a number that has no name here, such as a custom role of a paid tier. */
export function toAccessLevel(number: number | null | undefined): AccessLevel | undefined {
  const names = Object.keys(accessLevels) as AccessLevel[];
  return names.find((name) => accessLevels[name] === number);
}

export function toProtectionLevel(number: number | null | undefined): ProtectionLevel | undefined {
  return protectionLevels.find((name) => accessLevels[name] === number);
}
