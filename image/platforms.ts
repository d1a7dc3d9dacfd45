/** What containers call the architectures of Debian that they run: https://github.com/opencontainers/image-spec/blob/main/config.md */
const platforms = {
  amd64: "linux/amd64",
  arm64: "linux/arm64",
  armhf: "linux/arm",
  i386: "linux/386",
  mips64el: "linux/mips64le",
  ppc64el: "linux/ppc64le",
  riscv64: "linux/riscv64",
  s390x: "linux/s390x",
} as const;

/** A platform that an image can be built for. */
export type Platform = (typeof platforms)[keyof typeof platforms];

/** The architectures that have one. */
export const platformArchitectures = Object.keys(platforms) as readonly (keyof typeof platforms)[];

/** The platform of a Debian architecture; undefined where containers know none. */
export function platformOf(architecture: string): Platform | undefined {
  return Object.hasOwn(platforms, architecture)
    ? platforms[architecture as keyof typeof platforms]
    : undefined;
}
