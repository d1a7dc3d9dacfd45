import { z } from "zod";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import { lookup } from "../declare.ts";

/** https://www.aptly.info/doc/api/repos/ */
export const getLocalRepository = lookup({
  token: "aptly:index/getLocalRepository:getLocalRepository",
  doc: "Looks a local repository up, which need not be there.",
  example: `
export const { packages } = await aptly.getLocalRepository({ name: "infra_bookworm" });
`,
  inputs: { name: prop(z.string().min(1), "The name of the repository.") },
  outputs: {
    exists: prop(z.boolean(), "Whether it is there."),
    packages: prop(z.int(), "How many packages are in it."),
  },

  async call({ name }, api) {
    const packages = await api.find<readonly string[]>(path`/repos/${name}/packages`);
    return { exists: packages !== undefined, packages: packages?.length ?? 0 };
  },
});
