import { ApiError, isStatus } from "../../kit/api-error.ts";
import type { Aptly } from "../client.ts";
import { type Place, toPrefixPath, toPublishPath } from "../publish-path.ts";
import {
  describeSources,
  type Found,
  fromRow,
  hasSameComponents,
  type PublicationInputs,
  type Row,
  toCreateBody,
  toSources,
  toUpdateBody,
} from "./publication-row.ts";

/** The publication as it is now. aptly before 1.6 has no call for a single one. */
export async function findPublication(
  api: Aptly,
  { prefix, distribution }: Place,
): Promise<Found | undefined> {
  const rows = await api.get<Row[]>("/publish");
  return rows
    .map(fromRow)
    .find((found) => found.prefix === prefix && found.distribution === distribution);
}

export function publishFirst(api: Aptly, inputs: PublicationInputs): Promise<void> {
  return api.run("post", toPrefixPath(inputs.prefix), toCreateBody(inputs));
}

/** Components come and go by a staged edit, which the publish that follows carries out. */
export async function publishAgain(
  api: Aptly,
  inputs: PublicationInputs,
  there: Found,
  skippedBz2: boolean | undefined,
): Promise<void> {
  const url = toPublishPath(inputs, await api.version());
  const body = toUpdateBody(inputs, there, skippedBz2);
  if (describeSources(inputs.sources) === describeSources(there.sources)) {
    return api.run("put", url, body);
  }
  if (inputs.sourceKind === "snapshot" && hasSameComponents(inputs.sources, there.sources)) {
    return api.run("put", url, { ...body, Snapshots: toSources(inputs.sources) });
  }
  await api.run("put", `${url}/sources`, toSources(inputs.sources));
  await api.run("put", url, body);
}

/**
 * Drops what is published and publishes it as wanted, for what aptly changes no other way: its update
 * call takes no architectures. Clients get 404 between the two calls, so what can be tried is tried
 * before, the pool's files stay for the second one, and when that fails what was there comes back.
 */
export async function publishAnew(
  api: Aptly,
  inputs: PublicationInputs,
  there: Found,
  skippedBz2: boolean | undefined,
): Promise<Found | undefined> {
  const before: PublicationInputs = { ...inputs, skipBz2: skippedBz2, ...there };
  const after: PublicationInputs = { ...before, ...withoutUnset(inputs) };
  // Shows that the sources are there and that the key signs.
  await publishAgain(api, before, there, skippedBz2);
  await requireSources(api, inputs);
  await drop(api, inputs, { SkipCleanup: 1 });
  const find = () => findPublication(api, inputs);
  try {
    return await api.change(() => publishFirst(api, after), find, Boolean);
  } catch (error) {
    const isBack = await api
      .change(() => publishFirst(api, before), find, Boolean)
      .catch(() => undefined);
    if (isBack || !(error instanceof ApiError)) throw error;
    throw error.withAdvice("It is not published now: mend that, then run pulumi up again.");
  }
}

async function requireSources(api: Aptly, { sourceKind, sources }: PublicationInputs) {
  const list = sourceKind === "local" ? "repos" : "snapshots";
  for (const { name } of sources) await api.get(`/${list}/${encodeURIComponent(name)}`);
}

/** Done when it is gone already. */
export async function drop(api: Aptly, place: Place, query: object = {}): Promise<void> {
  const url = toPublishPath(place, await api.version());
  const find = () => findPublication(api, place);
  try {
    await api.change(
      () => api.run("delete", url, undefined, { ...query }),
      find,
      (found) => found === undefined,
    );
  } catch (error) {
    // aptly 1.5 answers 500 where later versions say 404.
    if (!isStatus(error, 404, 500) || (await find())) throw error;
  }
}

function withoutUnset(inputs: PublicationInputs): Partial<PublicationInputs> {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}
