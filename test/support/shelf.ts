import { z } from "zod";
import { ApiError } from "../../plugins/kit/api-error.ts";
import { HalfCreatedError, kindOf, lookupOf } from "../../plugins/kit/kind.ts";
import { anyKind, anyLookup, definePlugin } from "../../plugins/kit/plugin.ts";
import { prop, sameSet } from "../../plugins/kit/property.ts";

/** A far side kept in memory, small but with one of everything that the kit handles. */
export interface Shelf {
  readonly boxes: Map<string, object>;
  /** What the plugin was configured with. */
  password?: string;
  /** The reason of the last box deleted. */
  lastReason?: string | undefined;
  /** Lets the next write fail with words that quote all it was sent, as careless servers do. */
  failing: boolean;
}

const lock = z
  .object({ code: z.string().describe("Opens it."), turns: z.int().optional() })
  .meta({ id: "BoxLock", description: "How a box is locked." });

const box = kindOf<Shelf>()({
  token: "shelf:index/box:Box",
  doc: "A box.",
  example: `new shelf.Box("spare", { label: "spare parts" });`,
  inputs: {
    label: prop(z.string(), "What is written on it.", { replace: "delete-first" }),
    place: prop(z.string().optional(), "Where it stands.", { replace: true, computed: true }),
    weight: prop(z.int().min(1).default(1), "Kilograms."),
    tags: prop(z.array(z.string()).optional(), "In any order.", { same: sameSet }),
    reason: prop(z.string().optional(), "Told when it changes.", { passive: true }),
    note: prop(z.string().optional(), "Secret when locked."),
    lock: prop(lock.optional(), "Its lock."),
  },
  outputs: { key: prop(z.string(), "Opens it.", { secret: true, stable: true }) },
  secrets: ({ lock }) => (lock ? ["note"] : []),
  check: ({ weight, place }) =>
    weight !== undefined && weight > 9 && place === "top"
      ? [{ property: "weight", reason: "too heavy for the top." }]
      : [],

  async create(inputs, shelf) {
    const state = { ...inputs, key: `key-of-${inputs.label}` };
    shelf.boxes.set(inputs.label, inputs);
    const fault = takeFault(shelf, state);
    if (fault) throw new HalfCreatedError(inputs.label, state, fault);
    return { id: inputs.label, state };
  },
  async read(id, shelf) {
    const found = shelf.boxes.get(id);
    return found && { id, state: found };
  },
  async update(id, inputs, shelf) {
    const fault = takeFault(shelf, inputs);
    if (fault) throw fault;
    shelf.boxes.set(id, inputs);
    return inputs;
  },
  async delete(id, shelf, { reason }) {
    shelf.boxes.delete(id);
    shelf.lastReason = reason;
  },
});

const crate = kindOf<Shelf>()({
  token: "shelf:index/crate:Crate",
  doc: "A crate; it is named and never changed.",
  example: `new shelf.Crate("empty");`,
  autoName: "name",
  inputs: { name: prop(z.string(), "Its name.") },
  outputs: {},
  create: async (inputs) => ({ id: inputs.name, state: inputs }),
  read: async () => undefined,
  delete: async () => undefined,
});

const getBox = lookupOf<Shelf>()({
  token: "shelf:index/getBox:getBox",
  doc: "Finds a box.",
  example: `shelf.getBoxOutput({ label: "spare parts" });`,
  inputs: { label: prop(z.string(), "What is written on it.") },
  outputs: {
    found: prop(z.boolean(), "Whether it is there."),
    key: prop(z.string(), "Opens it.", { secret: true }),
  },
  call: async ({ label }, shelf) => ({ found: shelf.boxes.has(label), key: `key-of-${label}` }),
});

/** A plugin for tests of the kit, and the shelf it works on. */
export function createShelf() {
  const shelf: Shelf = { boxes: new Map(), failing: false };
  const plugin = definePlugin({
    name: "shelf",
    version: "1.2.3",
    doc: "Boxes on a shelf.",
    sdk: "@example/shelf",
    config: {
      password: {
        ...prop(z.string().min(1), "Opens the shelf.", { secret: true }),
        env: ["SHELF_PASSWORD"],
      },
      address: {
        ...prop(z.string().default("https://shelf.example.com"), "Where the shelf is."),
        env: ["SHELF_ADDRESS"],
      },
      retries: prop(z.int().default(3), "Tries."),
    },
    address: "address",
    connect({ password }) {
      shelf.password = password;
      return shelf;
    },
    kinds: [anyKind(box), anyKind(crate)],
    lookups: [anyLookup(getBox)],
  });
  return { shelf, plugin };
}

function takeFault(shelf: Shelf, sent: object): ApiError | undefined {
  if (!shelf.failing) return undefined;
  shelf.failing = false;
  const answer = `no room for ${JSON.stringify(sent)}, says ${shelf.password}`;
  return new ApiError({ service: "shelf", method: "POST", path: "/boxes", status: 507, answer });
}
