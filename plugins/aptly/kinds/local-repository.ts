import { z } from "zod";
import { ConfigError, type Fault } from "../../../validation/config-error.ts";
import { path } from "../../kit/path.ts";
import { prop, type ValuesOf } from "../../kit/property.ts";
import { taken } from "../../kit/taken.ts";
import type { Aptly } from "../client.ts";
import { kind } from "../declare.ts";
import { isPublished } from "../published.ts";
import { isAtLeast } from "../version.ts";

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

const texts = ["comment", "defaultDistribution", "defaultComponent"] as const;

type Inputs = ValuesOf<typeof inputs>;

/** https://www.aptly.info/doc/api/repos/ */
export const localRepository = kind({
  token,
  doc: "A local package repository of aptly. Its packages are not managed here: pipelines upload them. Import: `<name>`.",
  example: `
new aptly.LocalRepository("bookworm", {
  name: "infra_bookworm",
  defaultDistribution: "bookworm",
  defaultComponent: "main",
});
`,
  inputs,
  outputs: {},

  async check(inputs, { api, oldInputs }) {
    const isEdit = oldInputs?.name !== undefined && oldInputs.name === inputs.name;
    const changed = texts.filter(
      (key) => inputs[key] !== undefined && inputs[key] !== oldInputs?.[key],
    );
    if (!isEdit || changed.length === 0) return [];
    const version = await api.version();
    if (canEdit(version)) return [];
    return changed.map((property) => ({
      property,
      reason: `${property} ${cannotEdit(version).message}. ${cannotEdit(version).fix}`,
    }));
  },

  async foretell(inputs, api) {
    const { name } = inputs;
    return (await find(api, name)) && taken(token, name, "name", name);
  },

  async create(inputs, api) {
    const { name } = inputs;
    if (await find(api, name)) throw taken(token, name, "name", name);
    const send = () => api.run("post", "/repos", { Name: name, ...toBody(inputs) });
    const row = await api.make(name, inputs, send, () => api.get<Row>(urlOf(name)));
    return { id: name, state: { ...inputs, ...fromRow(row) } };
  },

  again: {
    /** Another stack's would be published or have packages in it. */
    async isOurs(id, _inputs, api) {
      const packages = await api.get<string[]>(`${urlOf(id)}/packages`);
      return packages.length === 0 && !(await isPublished(api, "local", id));
    },
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
    if (Object.keys(changes).length === 0) return { ...inputs, ...fromRow(there) };
    const version = await api.version();
    if (!canEdit(version)) {
      throw refusal({ path: Object.keys(changes).join(", "), ...cannotEdit(version) });
    }
    const row = await api.change(
      () => api.run("put", urlOf(id), changes),
      () => api.get<Row>(urlOf(id)),
      (now) => Object.keys(differing(inputs, now)).length === 0,
    );
    return { ...inputs, ...fromRow(row) };
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
  throw refusal({
    path: "forceDestroy",
    message: `is false and packages are in "${name}" (${length})`,
    fix: "To lose them, set forceDestroy: true and run pulumi up before it is deleted.",
  });
}

/** From 1.6.0 to 1.6.2 an edit must carry a name, and one that no repository has. */
function canEdit(version: string): boolean {
  return !isAtLeast(version, "1.6.0") || isAtLeast(version, "1.6.3");
}

function cannotEdit(version: string): Omit<Fault, "path"> {
  return {
    message: `cannot be changed: aptly ${version} edits a repository only while renaming it`,
    fix: "Run aptly repo edit on the server, or upgrade it to aptly 1.6.3.",
  };
}

function refusal(fault: Fault): ConfigError {
  return new ConfigError({ code: "arguments", subject: "LocalRepository", faults: [fault] });
}

/** Only what is set, and never the name: aptly 1.5 refuses an edit that carries it. */
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
