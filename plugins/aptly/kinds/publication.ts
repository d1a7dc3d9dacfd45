import { isDeepStrictEqual } from "node:util";
import { ConfigError } from "../../../validation/config-error.ts";
import { isSame } from "../../kit/diff.ts";
import { path } from "../../kit/path.ts";
import type { Property } from "../../kit/property.ts";
import { taken } from "../../kit/taken.ts";
import type { Aptly } from "../client.ts";
import { kind } from "../declare.ts";
import type { Place } from "../publish-path.ts";
import { checkRelease } from "../version.ts";
import {
  drop,
  findPublication,
  publishAgain,
  publishAnew,
  publishFirst,
} from "./publication-calls.ts";
import { announceSwitch } from "./publication-review.ts";
import {
  type Found,
  fromRow,
  type PublicationInputs,
  publicationInputs,
  type Row,
} from "./publication-row.ts";
import { checkPublication, explainPublish, needsOf, publishingAnew } from "./publication-rules.ts";

const token = "aptly:index/publication:Publication";

/** https://www.aptly.info/doc/api/publish/ */
export const publication = kind({
  token,
  doc: "A published, signed apt repository: one distribution below a prefix. Import: `<prefix>/<distribution>`, the root prefix being `.`.",
  example: `
const repository = new aptly.LocalRepository("bookworm", { name: "infra_bookworm" });
new aptly.Publication("bookworm", {
  prefix: "trunk",
  distribution: "bookworm",
  sources: [{ name: repository.name, component: "main" }],
  architectures: ["amd64"],
});
`,
  inputs: publicationInputs,
  outputs: {},
  secrets: ({ signing }) => (signing?.passphrase === undefined ? [] : ["signing"]),

  async check(inputs, { api, oldInputs }) {
    const needs = needsOf(inputs);
    const lacking = needs.length > 0 ? checkRelease(await api.version(), needs) : [];
    await announceGap(inputs, oldInputs, api);
    await announceSwitch(inputs, oldInputs, api);
    return [...checkPublication(inputs), ...lacking];
  },

  async foretell(inputs, api) {
    const id = toPublicationId(inputs);
    return (await findPublication(api, inputs)) && taken(token, id, "distribution", id);
  },

  async create(inputs, api) {
    const id = toPublicationId(inputs);
    if (await findPublication(api, inputs)) throw taken(token, id, "distribution", id);
    const send = () => publishFirst(api, inputs);
    const found = await publish(api, inputs, () =>
      api.make(id, inputs, send, () => findPublication(api, inputs)),
    );
    return { id, state: { ...inputs, skipBz2: inputs.skipBz2 ?? true, ...found } };
  },

  again: { untold: ["signing"] },

  async read(id, api, prior) {
    const rows = (await api.rows<Row>("/publish")).map(fromRow);
    const isIt = (found: Found) =>
      toPublicationId(found) === id &&
      (prior.prefix === undefined || found.prefix === prior.prefix);
    const found = rows.find(isIt);
    const { skipBz2 = true, forceDestroy = false } = prior;
    return found && { id, state: { ...found, skipBz2, forceDestroy } };
  },

  async update(_id, inputs, api, state) {
    const there = await findPublication(api, inputs);
    const otherBz2 = inputs.skipBz2 !== undefined && inputs.skipBz2 !== state.skipBz2;
    const unseen = otherBz2 || !isDeepStrictEqual(inputs.signing, state.signing);
    const { skipBz2: skippedBz2 } = state;
    const wanted = { inputs, there, unseen, skippedBz2 };
    const found = await publish(api, inputs, () => change(api, wanted));
    return { ...inputs, ...found };
  },

  async delete(id, api, state) {
    if (!(await findPublication(api, state))) return;
    if (!state.forceDestroy) await refuseOutage(id, state, api);
    await api.publishing(state.prefix, () => drop(api, state));
  },
});

interface Change {
  readonly inputs: PublicationInputs;
  readonly there: Found | undefined;
  /** Something differs that aptly does not tell. */
  readonly unseen: boolean;
  /** As it was published last. */
  readonly skippedBz2: boolean | undefined;
}

async function change(
  api: Aptly,
  { inputs, there, unseen, skippedBz2 }: Change,
): Promise<Found | undefined> {
  const find = () => findPublication(api, inputs);
  // Somebody dropped it, or an update ended before it was published anew.
  if (!there) return api.change(() => publishFirst(api, inputs), find, Boolean);
  if (!unseen && isEqual(inputs, there)) return there;
  if (publishingAnew(inputs, there, await api.version()).length > 0) {
    return publishAnew(api, inputs, there, skippedBz2);
  }
  return api.change(
    () => publishAgain(api, inputs, there, skippedBz2),
    find,
    (now) => !unseen && now !== undefined && isEqual(inputs, now),
  );
}

/** Its repository is deleted after it, and may be refused then: clients would have lost it for nothing. */
async function refuseOutage(id: string, { sourceKind, sources }: PublicationInputs, api: Aptly) {
  if (sourceKind !== "local") return;
  const rows = (await api.get<Row[]>("/publish")).map(fromRow);
  const elsewhere = rows.filter((row) => toPublicationId(row) !== id);
  const published = elsewhere.flatMap((row) => row.sources.map(({ name }) => name));
  for (const { name } of sources) {
    if (published.includes(name)) continue;
    const { length } = (await api.find<string[]>(path`/repos/${name}/packages`)) ?? [];
    if (length > 0) throw inUse(name, length);
  }
}

function inUse(name: string, packages: number): ConfigError {
  const fault = {
    path: "forceDestroy",
    message: `is false and packages are in "${name}" (${packages}) that nothing else publishes`,
    fix: "To unpublish them, set forceDestroy: true and run pulumi up before it is deleted.",
  };
  return new ConfigError({ code: "arguments", subject: "Publication", faults: [fault] });
}

/** In a preview, too: nothing else there would tell that the change is seen by clients. */
async function announceGap(
  wanted: Partial<PublicationInputs>,
  before: Partial<PublicationInputs> | undefined,
  api: Aptly,
): Promise<void> {
  if (!before || isDeepStrictEqual(wanted, before)) return;
  const keys = publishingAnew(wanted, before, await api.version());
  if (keys.length === 0) return;
  api.report(
    `${wanted.prefix}/${wanted.distribution} is dropped and published anew, since aptly changes ${keys.join(", ")} no other way: for that moment apt clients get 404, and an upload to it fails.`,
  );
}

function toPublicationId({ prefix, distribution }: Place): string {
  return `${prefix}/${distribution}`;
}

async function publish<T>(api: Aptly, inputs: PublicationInputs, work: () => Promise<T>) {
  try {
    return await api.publishing(inputs.prefix, work);
  } catch (error) {
    throw explainPublish(error, inputs);
  }
}

/** Whether all that aptly tells is as wanted. */
function isEqual(inputs: PublicationInputs, found: Found): boolean {
  return Object.entries(found).every(([name, value]) => {
    const key = name as keyof Found;
    const { same }: Property = publicationInputs[key];
    return inputs[key] === undefined || isSame(same, inputs[key], value);
  });
}
