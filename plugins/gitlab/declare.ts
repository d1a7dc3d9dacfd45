import { type Kind, kindOf, lookupOf } from "../kit/kind.ts";
import type { Properties } from "../kit/property.ts";
import type { GitLab } from "./client.ts";
import { keepHidden } from "./hidden.ts";

const declare = kindOf<GitLab>();

/** A kind that takes nothing for gone while its project or group cannot be seen. */
export const kind = <P extends Properties, O extends Properties>(
  declared: Kind<P, O, GitLab>,
): Kind<P, O, GitLab> =>
  declare({
    ...declared,
    read: async (id, api, prior) =>
      (await declared.read(id, api, prior)) ?? (await keepHidden(api, id, prior)),
  });

export const lookup = lookupOf<GitLab>();
