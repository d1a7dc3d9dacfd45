import { ApiError } from "./api-error.ts";
import { diff } from "./diff.ts";
import type { AnyKind, Live } from "./kind.ts";
import { TakenError } from "./taken.ts";
import type { Values } from "./wire.ts";

export interface Creation<Api> {
  readonly kind: AnyKind<Api>;
  readonly inputs: Values;
  readonly urn: string;
  readonly api: Api;
  /** Whether the user has cancelled the update. */
  isCancelled(): boolean;
}

/**
 * Creates an object. Where the answer is lost, a kind that knows its objects again looks once more: what
 * an earlier call made is taken as the stack's own, in this update or in one that was killed.
 */
export async function create<Api>(creation: Creation<Api>): Promise<Live<Values>> {
  try {
    return await createOrKnow(creation);
  } catch (error) {
    if (!creation.kind.again || !isLost(error) || creation.isCancelled()) throw error;
    return await createOrKnow(creation);
  }
}

/** What a preview has to say of a create: nothing of an object that `create` would know again. */
export async function foretell<Api>(
  creation: Creation<Api>,
  secrets: ReadonlySet<string>,
): Promise<string | undefined> {
  const { kind, inputs, urn, api } = creation;
  const told = await kind.foretell?.(inputs, api, secrets);
  if (!(told instanceof TakenError)) return typeof told === "string" ? told : told?.message;
  return (await know(creation, told.id)) ? undefined : told.for(kind.token, urn).message;
}

async function createOrKnow<Api>(creation: Creation<Api>): Promise<Live<Values>> {
  const { kind, inputs, urn, api } = creation;
  try {
    return await kind.create(inputs, api);
  } catch (error) {
    if (!(error instanceof TakenError)) throw error;
    const known = await know(creation, error.id);
    if (!known) throw error.for(kind.token, urn);
    return known;
  }
}

/** What is there, if every input that was asked for is as asked and nothing speaks for another maker. */
async function know<Api>(
  { kind, inputs, api }: Creation<Api>,
  id: string,
): Promise<Live<Values> | undefined> {
  if (!kind.again || kind.again === "create") return undefined;
  const { untold = [], isOurs } = kind.again;
  const live = await kind.read(id, api, inputs);
  if (!live) return undefined;
  const told = Object.entries(inputs).filter(([key]) => !untold.some((each) => each === key));
  const { differences } = diff(kind.inputs, true, Object.fromEntries(told), live.state);
  if (differences.length > 0 || (isOurs && !(await isOurs(id, inputs, api)))) return undefined;
  return { id: live.id, state: { ...inputs, ...live.state } };
}

/** Whether a writing call may have done its work although it failed. */
export function isLost(error: unknown): error is ApiError {
  if (!(error instanceof ApiError) || error.method === "GET") return false;
  const { status } = error;
  return status === undefined || status < 300 || (status > 500 && status < 505);
}
