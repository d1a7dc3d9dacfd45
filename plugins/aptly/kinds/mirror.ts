import { isDeepStrictEqual } from "node:util";
import { ApiError } from "../../kit/api-error.ts";
import { finishCreate } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { taken } from "../../kit/taken.ts";
import type { Aptly } from "../client.ts";
import { kind } from "../declare.ts";
import { isAtLeast } from "../version.ts";
import { fromRow, type MirrorInputs, mirrorInputs, type Row, toBody } from "./mirror-row.ts";

const token = "aptly:index/mirror:Mirror";

/** Changed in place by the edit call of aptly 1.6.3. */
const editable = [
  "archiveUrl",
  "architectures",
  "filter",
  "filterWithDeps",
  "downloadSources",
  "downloadUdebs",
] as const;

/** https://www.aptly.info/doc/api/mirrors/ */
export const mirror = kind({
  token,
  doc: "A mirror of another apt repository. Its packages are fetched only when `updateTrigger` says so. Import: `<name>`.",
  example: `
new aptly.Mirror("debian", {
  name: "debian-bookworm",
  archiveUrl: "http://deb.debian.org/debian",
  distribution: "bookworm",
  components: ["main"],
  architectures: ["amd64"],
  updateTrigger: "2026-01",
});
`,
  inputs: mirrorInputs,
  outputs: {},

  async replaces(changed, _inputs, _state, api) {
    if (isAtLeast(await api.version(), "1.6.3")) return [];
    return changed.filter((key) => editable.some((each) => each === key));
  },

  async foretell(inputs, api) {
    const { name } = inputs;
    return (await find(api, name)) && taken(token, name, "name", name);
  },

  async create(inputs, api) {
    const { name } = inputs;
    const there = await find(api, name);
    if (there && !isLeftOver(inputs, there)) throw taken(token, name, "name", name);
    await learnKeys(inputs, api);
    const row = there ?? (await make(inputs, api));
    const state = { ...inputs, ...fromRow(row) };
    if (inputs.updateTrigger !== undefined) {
      await finishCreate(name, { ...state, updateTrigger: null }, () => download(api, inputs));
    }
    return { id: name, state };
  },

  again: "create",

  async read(id, api) {
    const rows = await api.rows<Row>("/mirrors");
    const row = rows.find(({ Name }) => Name === id);
    return row && { id, state: fromRow(row) };
  },

  async update(id, inputs, api, state) {
    const there = fromRow(await api.get<Row>(urlOf(id)));
    await learnKeys(inputs, api);
    const row = isEqual(inputs, there) ? undefined : await edit(api, inputs);
    const { updateTrigger } = inputs;
    if (updateTrigger !== undefined && updateTrigger !== state.updateTrigger) {
      await download(api, inputs);
    }
    return { ...inputs, ...(row ? fromRow(row) : there) };
  },

  async delete(id, api, { forceDestroy }) {
    if (!(await find(api, id))) return;
    const url = forceDestroy ? (`${urlOf(id)}?force=1` as const) : urlOf(id);
    await explained(() =>
      api.change(
        () => api.run("delete", url),
        () => find(api, id),
        (found) => found === undefined,
      ),
    );
  },
});

const urlOf = (name: string) => path`/mirrors/${name}`;

function find(api: Aptly, name: string): Promise<Row | undefined> {
  return api.find<Row>(urlOf(name));
}

function make(inputs: MirrorInputs, api: Aptly): Promise<Row> {
  const { name } = inputs;
  const send = () => api.run("post", "/mirrors", { Name: name, ...toBody(inputs) });
  const state = { ...inputs, updateTrigger: null };
  return explained(() => api.make(name, state, send, () => api.get<Row>(urlOf(name))));
}

/** An update that was killed left it: it is as asked for, and nobody has fetched its packages yet. */
function isLeftOver(inputs: MirrorInputs, row: Row): boolean {
  const there = fromRow(row);
  const keys = ["distribution", "components", "skipComponentCheck"] as const;
  const isSame = keys.every(
    (key) => inputs[key] === undefined || isDeepStrictEqual(inputs[key], there[key]),
  );
  return isSame && isEqual(inputs, there) && row.LastDownloadDate.startsWith("0001-");
}

function edit(api: Aptly, inputs: MirrorInputs): Promise<Row> {
  return explained(() =>
    api.change(
      () => api.run("post", urlOf(inputs.name), toBody(inputs)),
      () => api.get<Row>(urlOf(inputs.name)),
      (row) => isEqual(inputs, fromRow(row)),
    ),
  );
}

/** Known keys stay as they are. */
async function learnKeys({ keys, keyrings }: MirrorInputs, api: Aptly): Promise<void> {
  if (keys === undefined) return;
  const [keyring] = keyrings ?? [];
  const body = { GpgKeyArmor: keys, ...(keyring !== undefined && { Keyring: keyring }) };
  await explained(() => api.run("post", "/gpg/key", body));
}

/** Fetches what the other repository holds now. */
function download(api: Aptly, { name, keyrings, ignoreSignatures }: MirrorInputs): Promise<void> {
  const body = {
    ...(keyrings && { Keyrings: keyrings }),
    ...(ignoreSignatures !== undefined && { IgnoreSignatures: ignoreSignatures }),
  };
  return explained(() => api.run("put", urlOf(name), body));
}

function isEqual(inputs: MirrorInputs, there: ReturnType<typeof fromRow>): boolean {
  return editable.every((key) => {
    const wanted = inputs[key];
    if (wanted === undefined) return true;
    const same: ((a: never, b: never) => boolean) | undefined = mirrorInputs[key].same;
    return (same ?? isDeepStrictEqual)(wanted as never, there[key] as never);
  });
}

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /suitable gpg executable/,
    "aptly before 1.6 learns keys by gnupg1: install it on the server, or import the keys there and name their keyring in keyrings.",
  ],
  [
    /verif|signature|gpgv/i,
    "Give the server a keyring with the archive's key and name it in keyrings, or set ignoreSignatures: true.",
  ],
  [
    /mirror with snapshots/,
    "Delete the snapshots made from it first, or set forceDestroy: true and run pulumi up before it is deleted.",
  ],
];

/** Adds what to do about the faults that aptly only states. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const hint = error instanceof ApiError && hints.find(([pattern]) => pattern.test(error.answer));
    throw hint ? error.withAdvice(hint[1]) : error;
  }
}
