import { z } from "zod";
import { ConfigError } from "../../../rules/config-error.ts";
import { path } from "../../kit/path.ts";
import { prop, type ValuesOf } from "../../kit/property.ts";
import { taken } from "../../kit/taken.ts";
import type { Aptly } from "../client.ts";
import { kind } from "../declare.ts";

const token = "aptly:index/localRepository:LocalRepository";

interface Row {
  readonly Name: string;
  readonly Comment: string;
  readonly DefaultDistribution: string;
  readonly DefaultComponent: string;
}

const inputs = {
  name: prop(
    z.string().regex(/^[^/\s]+$/, "must not be empty nor hold blanks or slashes"),
    "The name of the repository.",
    { replace: true },
  ),
  comment: prop(z.string().optional(), "What the repository is for."),
  defaultDistribution: prop(
    z.string().optional(),
    "The distribution that `aptly publish` takes when none is given.",
  ),
  defaultComponent: prop(
    z.string().optional(),
    "The component that `aptly publish` takes when none is given.",
  ),
  forceDestroy: prop(
    z.boolean().default(false),
    "Deletes the repository even while it holds packages or snapshots were made from it. Default: false.",
  ),
};

type Inputs = ValuesOf<typeof inputs>;

/** https://www.aptly.info/doc/api/repos/ */
export const localRepository = kind({
  token,
  doc: "A local package repository of aptly. Its packages are not managed here: pipelines upload them. Import: `<name>`.",
  inputs,
  outputs: {},

  async create(inputs, api) {
    const { name } = inputs;
    if (await find(api, name)) throw taken(token, name, "name", name);
    const send = () => api.run("post", "/repos", { Name: name, ...toBody(inputs) });
    await api.change(send, () => find(api, name), Boolean);
    return { id: name, state: inputs };
  },

  async read(id, api, prior) {
    const rows = await api.rows<Row>("/repos");
    const row = rows.find(({ Name }) => Name === id);
    const forceDestroy = prior.forceDestroy ?? false;
    return row && { id, state: { ...fromRow(row), forceDestroy } };
  },

  async update(id, inputs, api) {
    const there = await api.get<Row>(urlOf(id));
    const changes = differing(inputs, there);
    if (Object.keys(changes).length > 0) {
      const isDone = (found?: Row) =>
        found !== undefined && Object.keys(differing(inputs, found)).length === 0;
      await api.change(
        () => api.run("put", urlOf(id), changes),
        () => find(api, id),
        isDone,
      );
    }
    return inputs;
  },

  async delete(id, api, { forceDestroy }) {
    if (!(await find(api, id))) return;
    if (!forceDestroy) await refusePackages(api, id);
    const send = () => api.run("delete", urlOf(id), undefined, forceDestroy ? { force: 1 } : {});
    await api.change(
      send,
      () => find(api, id),
      (found) => found === undefined,
    );
  },
});

const urlOf = (name: string) => path`/repos/${name}`;

function find(api: Aptly, name: string): Promise<Row | undefined> {
  return api.find<Row>(urlOf(name));
}

/** aptly itself deletes a repository with all its packages without a word. */
async function refusePackages(api: Aptly, name: string): Promise<void> {
  const { length } = await api.get<string[]>(`${urlOf(name)}/packages`);
  if (length === 0) return;
  const fault = {
    path: "forceDestroy",
    message: `is false and the repository holds ${length} packages`,
    fix: "To lose them, set forceDestroy: true and run pulumi up before it is deleted.",
  };
  throw new ConfigError({
    code: "arguments",
    subject: `LocalRepository "${name}"`,
    faults: [fault],
  });
}

/** Only what is set, and never the name: up to aptly 1.6.2 an edit that carries it answers 404. */
function toBody({ comment, defaultDistribution, defaultComponent }: Inputs): Partial<Row> {
  return {
    ...(comment !== undefined && { Comment: comment }),
    ...(defaultDistribution !== undefined && { DefaultDistribution: defaultDistribution }),
    ...(defaultComponent !== undefined && { DefaultComponent: defaultComponent }),
  };
}

function differing(inputs: Inputs, there: Row): Partial<Row> {
  return Object.fromEntries(
    Object.entries(toBody(inputs)).filter(([field, value]) => value !== there[field as keyof Row]),
  );
}

function fromRow(row: Row) {
  return {
    name: row.Name,
    comment: row.Comment,
    defaultDistribution: row.DefaultDistribution,
    defaultComponent: row.DefaultComponent,
  };
}
