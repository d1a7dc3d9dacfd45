import type { AptSource, FurtherSource } from "./apt-sources.ts";
import type { Vendor } from "./distributions.ts";
import type { Mirror } from "./vendor-archives.ts";

/** What a builder image is made of. */
export interface BuilderImageRequest {
  /** The release's codename, for example `bookworm`. */
  readonly codename: string;
  /** Image to start from. A tag is resolved when the image is built; a digest pins it. */
  readonly baseImage: string;
  /** Where the image is pushed: `host[:port][/path]`. */
  readonly registry: string;
  /** Debian packages that the image carries. */
  readonly packages: readonly string[];
  /** Whose release it is. Default: known for the releases that are known by name. */
  readonly vendor?: Vendor | undefined;
  /** Its number. Default: known likewise. */
  readonly version?: string | undefined;
  /** apt mirror to install from instead of the base image's own sources, by its address or in full. */
  readonly mirror?: string | Mirror | undefined;
  /** Shell lines to run before anything else is installed. Default: none. */
  readonly before?: readonly string[] | undefined;
  /** Repositories to install from beside the release's own. Default: none. */
  readonly furtherSources?: readonly FurtherSource[] | undefined;
  /** Left out when builds need no package of the team's own. */
  readonly source?: AptSource | undefined;
  /** Install from `source` too, which must be reachable then. Default: false, it is for the jobs alone. */
  readonly sourceWhileBuilding?: boolean | undefined;
  /** What tells this image of a codename from its others. Default: none, it is the only one. */
  readonly group?: string | undefined;
}
