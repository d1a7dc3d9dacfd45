import { isDeepStrictEqual } from "node:util";
import { ApiError, isStatus } from "../../kit/api-error.ts";
import { taken } from "../../kit/taken.ts";
import type { Aptly } from "../client.ts";
import { kind } from "../declare.ts";
import { type Place, toPrefixPath, toPublishPath } from "../publish-path.ts";
import { checkRelease } from "../version.ts";
import {
  describeSources,
  type Found,
  fromRow,
  hasSameComponents,
  type PublicationInputs,
  publicationInputs,
  type Row,
  toCreateBody,
  toSources,
  toUpdateBody,
} from "./publication-row.ts";
import { checkPublication, explainPublish, needsOf, replacing } from "./publication-rules.ts";

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

  async check(inputs, { api }) {
    const needs = needsOf(inputs);
    const lacking = needs.length > 0 ? checkRelease(await api.version(), needs) : [];
    return [...checkPublication(inputs), ...lacking];
  },

  replaces: async (changed, inputs, state, api) =>
    replacing(changed, inputs, state, await api.version()),

  async foretell(inputs, api) {
    const id = toPublicationId(inputs);
    return (await find(api, inputs)) && taken(token, id, "distribution", id).message;
  },

  async create(inputs, api) {
    const { prefix } = inputs;
    const id = toPublicationId(inputs);
    if (await find(api, inputs)) throw taken(token, id, "distribution", id);
    const send = () => api.run("post", toPrefixPath(prefix), toCreateBody(inputs));
    const found = await publish(api, inputs, () =>
      api.make(id, inputs, send, () => find(api, inputs)),
    );
    return { id, state: { ...inputs, ...found } };
  },

  async read(id, api, prior) {
    const rows = (await api.rows<Row>("/publish")).map(fromRow);
    const isIt = (found: Found) =>
      toPublicationId(found) === id &&
      (prior.prefix === undefined || found.prefix === prior.prefix);
    const found = rows.find(isIt);
    return found && { id, state: { ...found, skipBz2: prior.skipBz2 ?? true } };
  },

  async update(id, inputs, api, state) {
    const there = await find(api, inputs);
    if (!there) throw vanished(id);
    const unseen =
      inputs.skipBz2 !== state.skipBz2 || !isDeepStrictEqual(inputs.signing, state.signing);
    if (!unseen && isEqual(inputs, there)) return { ...inputs, ...there };
    const found = await publish(api, inputs, () =>
      api.change(
        () => publishAgain(api, inputs, there),
        () => find(api, inputs),
        (now) => !unseen && now !== undefined && isEqual(inputs, now),
      ),
    );
    return { ...inputs, ...found };
  },

  async delete(_id, api, place) {
    if (!(await find(api, place))) return;
    const url = toPublishPath(place, await api.version());
    const isGone = (found?: Found) => found === undefined;
    await api.publishing(place.prefix, async () => {
      try {
        await api.change(
          () => api.run("delete", url),
          () => find(api, place),
          isGone,
        );
      } catch (error) {
        // aptly 1.5 answers 500 where later versions say 404.
        if (!isStatus(error, 404, 500) || (await find(api, place))) throw error;
      }
    });
  },
});

function toPublicationId({ prefix, distribution }: Place): string {
  return `${prefix}/${distribution}`;
}

/** The publication as it is now. aptly before 1.6 has no call for a single one. */
async function find(api: Aptly, { prefix, distribution }: Place): Promise<Found | undefined> {
  const rows = await api.get<Row[]>("/publish");
  return rows
    .map(fromRow)
    .find((found) => found.prefix === prefix && found.distribution === distribution);
}

async function publish<T>(api: Aptly, inputs: PublicationInputs, work: () => Promise<T>) {
  try {
    return await api.publishing(inputs.prefix, work);
  } catch (error) {
    throw explainPublish(error, inputs);
  }
}

/** Components come and go by a staged edit, which the publish that follows carries out. */
async function publishAgain(api: Aptly, inputs: PublicationInputs, there: Found): Promise<void> {
  const url = toPublishPath(inputs, await api.version());
  const body = toUpdateBody(inputs, there);
  if (describeSources(inputs.sources) === describeSources(there.sources)) {
    return api.run("put", url, body);
  }
  if (inputs.sourceKind === "snapshot" && hasSameComponents(inputs.sources, there.sources)) {
    return api.run("put", url, { ...body, Snapshots: toSources(inputs.sources) });
  }
  await api.run("put", `${url}/sources`, toSources(inputs.sources));
  await api.run("put", url, body);
}

/** Whether all that can change in place and that aptly tells is as wanted. */
function isEqual(inputs: PublicationInputs, found: Found): boolean {
  const keys = [
    "label",
    "origin",
    "version",
    "signedBy",
    "skipContents",
    "acquireByHash",
    "multiDist",
  ] as const;
  const isSame = (key: (typeof keys)[number]) =>
    inputs[key] === undefined || inputs[key] === found[key];
  return describeSources(inputs.sources) === describeSources(found.sources) && keys.every(isSame);
}

function vanished(id: string): ApiError {
  return new ApiError({
    service: "aptly",
    method: "PUT",
    path: `/publish/${id}`,
    status: 404,
    answer: "somebody unpublished it",
    advice: "Run pulumi refresh, then pulumi up.",
  });
}
