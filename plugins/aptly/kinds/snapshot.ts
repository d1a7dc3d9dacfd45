import { z } from "zod";
import type { Failure } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { type Properties, prop, sameSet, type ValuesOf } from "../../kit/property.ts";
import { taken } from "../../kit/taken.ts";
import type { Aptly } from "../client.ts";
import { kind } from "../declare.ts";
import { isPublished } from "../published.ts";
import { checkRelease } from "../version.ts";

const token = "aptly:index/snapshot:Snapshot";

interface Row {
  readonly Name: string;
  readonly Description: string;
  readonly CreatedAt: string;
  readonly SourceKind: string;
}

const inputs = {
  name: prop(
    z.string().regex(/^[^/\s]+$/, "must not be empty nor hold blanks or slashes"),
    "The name of the snapshot. A new name takes a new snapshot, and the old one goes when nothing publishes it any more.",
    { replace: true },
  ),
  description: prop(
    z.string().min(1, "must not be empty: aptly then keeps the old text").optional(),
    "What it is for. Default: aptly's own note of where it came from.",
  ),
  localRepository: prop(
    z.string().min(1).optional(),
    "Takes what this local repository holds at that moment.",
  ),
  mirror: prop(z.string().min(1).optional(), "Takes what this mirror holds at that moment."),
  sourceSnapshots: prop(
    z.array(z.string().min(1)).optional(),
    "Takes the packages of these snapshots; of one package in several, that of the later snapshot. From aptly 1.6.3 on.",
  ),
  packageRefs: prop(
    z.array(z.string().min(1)).optional(),
    "Takes these packages, by their keys in aptly: `Pamd64 ying 1.0 9f3c…`; may go with `sourceSnapshots`.",
    { same: sameSet },
  ),
} satisfies Properties;

const merging = {
  property: "sourceSnapshots",
  release: "1.6.3",
  what: "sourceSnapshots, of which older releases make an empty snapshot,",
} as const;

type Inputs = ValuesOf<typeof inputs>;

const origin = ["localRepository", "mirror", "sourceSnapshots", "packageRefs"] as const;

/** https://www.aptly.info/doc/api/snapshots/ */
export const snapshot = kind({
  token,
  doc: "A list of packages that never changes, to publish or to go back to. aptly does not tell what a snapshot was made from: after an import the program's word is taken for it. Import: `<name>`.",
  example: `
const repository = new aptly.LocalRepository("bookworm", { name: "infra_bookworm" });
new aptly.Snapshot("release", { name: "infra-1.0", localRepository: repository.name });
`,
  inputs,
  outputs: {
    createdAt: prop(z.string(), "When it was taken, in RFC 3339.", { stable: true }),
  },

  async check(inputs, { api }) {
    const lacking =
      inputs.sourceSnapshots === undefined ? [] : checkRelease(await api.version(), [merging]);
    return [...checkOrigin(inputs), ...lacking];
  },

  /** What it was made from, once known, never changes. */
  async replaces(changed, _inputs, state) {
    const isKnown = origin.some((key) => state[key] !== undefined);
    return isKnown ? changed.filter((key) => origin.some((each) => each === key)) : [];
  },

  async foretell(inputs, api) {
    const { name } = inputs;
    return (await find(api, name)) && taken(token, name, "name", name);
  },

  async create(inputs, api) {
    const { name } = inputs;
    if (await find(api, name)) throw taken(token, name, "name", name);
    const send = () => api.run("post", toCreateUrl(inputs), toCreateBody(inputs));
    const row = await api.make(name, inputs, send, () => api.get<Row>(urlOf(name)));
    return { id: name, state: { ...inputs, ...fromRow(row) } };
  },

  again: { untold: origin, isOurs: hasPackagesOfOrigin },

  async read(id, api) {
    const rows = await api.rows<Row>("/snapshots");
    const row = rows.find(({ Name }) => Name === id);
    return row && { id, state: fromRow(row) };
  },

  async update(id, inputs, api) {
    const { description } = inputs;
    const there = await api.get<Row>(urlOf(id));
    const isWanted = (row: Row) => description === undefined || row.Description === description;
    if (isWanted(there)) return { ...inputs, ...fromRow(there) };
    const row = await api.change(
      () => api.run("put", urlOf(id), { Description: description }),
      () => api.get<Row>(urlOf(id)),
      isWanted,
    );
    return { ...inputs, ...fromRow(row) };
  },

  async delete(id, api) {
    if (!(await find(api, id))) return;
    await api.change(
      () => api.run("delete", urlOf(id)),
      () => find(api, id),
      (found) => found === undefined,
    );
  },
});

const urlOf = (name: string) => path`/snapshots/${name}`;

function find(api: Aptly, name: string): Promise<Row | undefined> {
  return api.find<Row>(urlOf(name));
}

/** A local repository, a mirror, or snapshots and packages. An empty snapshot says so: `packageRefs: []`. */
function checkOrigin(inputs: Partial<Inputs>): Failure[] {
  const { localRepository, mirror, sourceSnapshots, packageRefs } = inputs;
  const list = sourceSnapshots ?? packageRefs;
  const given = [localRepository, mirror, list].filter((origin) => origin !== undefined);
  if (given.length < 2) return [];
  const property = localRepository === undefined ? "mirror" : "localRepository";
  const reason =
    "a snapshot has one origin. Set localRepository, or mirror, or sourceSnapshots with packageRefs.";
  return [{ property, reason }];
}

/** Whether it holds what its origin holds now, and nobody publishes it: another stack would. */
async function hasPackagesOfOrigin(id: string, inputs: Inputs, api: Aptly): Promise<boolean> {
  const { localRepository, mirror, sourceSnapshots, packageRefs = [] } = inputs;
  // Merging is aptly's own business.
  if (sourceSnapshots !== undefined || (await isPublished(api, "snapshot", id))) return false;
  const list = (url: string) => api.get<string[]>(`${url}/packages`);
  const there = await list(urlOf(id));
  if (localRepository !== undefined)
    return sameSet(there, await list(path`/repos/${localRepository}`));
  return sameSet(there, mirror === undefined ? packageRefs : await list(path`/mirrors/${mirror}`));
}

function toCreateUrl({ localRepository, mirror }: Inputs): string {
  if (localRepository !== undefined) return path`/repos/${localRepository}/snapshots`;
  if (mirror !== undefined) return path`/mirrors/${mirror}/snapshots`;
  return "/snapshots";
}

function toCreateBody({ name, description, sourceSnapshots, packageRefs }: Inputs): object {
  return {
    Name: name,
    ...(description !== undefined && { Description: description }),
    ...(sourceSnapshots && { SourceSnapshots: sourceSnapshots }),
    ...(packageRefs && { PackageRefs: packageRefs }),
  };
}

function fromRow(row: Row) {
  return { name: row.Name, description: row.Description || null, createdAt: row.CreatedAt };
}
