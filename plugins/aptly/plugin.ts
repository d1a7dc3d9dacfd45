import { z } from "zod";
import { anyKind, anyLookup, definePlugin } from "../kit/plugin.ts";
import { prop } from "../kit/property.ts";
import { Aptly } from "./client.ts";
import { localRepository } from "./kinds/local-repository.ts";
import { mirror } from "./kinds/mirror.ts";
import { publication } from "./kinds/publication.ts";
import { snapshot } from "./kinds/snapshot.ts";
import { getLocalRepository } from "./lookups/get-local-repository.ts";

const config = {
  url: {
    ...prop(
      z.url("must be a URL").regex(/\/api\/?$/, "must end in /api"),
      "The address of aptly's API, ending in `/api`. Environment: APTLY_URL.",
    ),
    env: ["APTLY_URL"],
  },
  username: {
    ...prop(
      z.string().optional(),
      "The user that the proxy in front of aptly asks for; aptly itself has none. Environment: APTLY_USERNAME.",
    ),
    env: ["APTLY_USERNAME"],
  },
  password: {
    ...prop(z.string().optional(), "That user's password. Environment: APTLY_PASSWORD.", {
      secret: true,
    }),
    env: ["APTLY_PASSWORD"],
  },
  retries: prop(
    z.int().min(0).default(5),
    "How often a call that may be repeated is tried again. Default: 5.",
  ),
};

export const aptly = definePlugin({
  name: "aptly",
  version: "0.1.0",
  doc: "Local repositories, publications, snapshots and mirrors of an aptly server, version 1.5 or later.",
  sdk: "@trunkline/aptly",
  config,
  address: "url",
  connect: ({ url, username, password, retries }, surroundings) =>
    new Aptly({ url, username, password, retries, ...surroundings }),
  verify: (api) => api.version(),
  kinds: [anyKind(localRepository), anyKind(publication), anyKind(snapshot), anyKind(mirror)],
  lookups: [anyLookup(getLocalRepository)],
});
