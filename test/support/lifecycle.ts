import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Values } from "../../plugins/kit/wire.ts";
import { HalfCreated, type MiniEngine, type Stored } from "./mini-engine.ts";

/** What the shared script must know of a kind. Everything is asked of the far side, not of the kind. */
export interface Lifecycle {
  readonly token: string;
  /** Starts the far side and what the object needs around it. */
  start(): Promise<Scene>;
}

export interface Scene {
  readonly engine: MiniEngine;
  readonly inputs: Values;
  /** Changes made in place, and what the far side must then say (see `look`). Leave out when nothing updates. */
  readonly update?: { readonly inputs: Values; readonly seen: Values };
  /** Changes that replace. Leave out when everything updates. */
  readonly replace?: Values;
  /** Inputs whose value the far side never tells, so that they differ after an import. */
  readonly untold?: readonly string[];
  /** The object as the far side tells it by a raw call, `undefined` when it is not there. */
  look(id: string): Promise<Values | undefined>;
  /** Removes the object by a raw call, behind the kind's back. */
  removeByHand(id: string): Promise<void>;
  /** Makes the first call that `create` sends after its first write fail once; leave out for kinds that create in one call. */
  failAfterFirstWrite?(): void;
  /** Lets the next call that creates the object be done and its answer be lost; leave out for what is told once. */
  loseAnswer?(): void;
  stop(): Promise<void>;
}

/** The object under test, as the step before left it. */
interface Subject {
  readonly token: string;
  scene: Scene;
  stored: Stored;
}

/** The life of an object, the same for every kind: each step is proven by what the far side says. */
export function describeLifecycle({ token, start }: Lifecycle): void {
  describe(`${token} converges`, () => {
    const subject = { token } as Subject;
    beforeAll(async () => {
      subject.scene = await start();
    });
    afterAll(async () => {
      await subject.scene?.stop();
    });
    itIsCreated(subject);
    itChanges(subject);
    itMayBeRemovedByHand(subject);
    itMayFailHalfWay(subject);
    itIsKnownAgain(subject);
    itIsDeleted(subject);
  });
}

function itIsCreated(subject: Subject): void {
  it("is created as declared", async () => {
    const { scene, token } = subject;
    subject.stored = await scene.engine.create(token, "example", scene.inputs);
    expect(await scene.look(subject.stored.id)).toBeDefined();
  });

  it("shows no difference right after, nor after a refresh", async () => {
    await expectSettled(subject);
  });

  it("can be imported by its id without a difference", async () => {
    const { scene, stored, token } = subject;
    const imported = await scene.engine.import(token, "example", stored.id);
    expect(imported?.id).toBe(stored.id);
    if (!imported) throw new Error("not found");
    const { changed } = await scene.engine.preview(imported, scene.inputs);
    expect(changed).toEqual(scene.untold ?? []);
  });
}

function itChanges(subject: Subject): void {
  it("is updated in place where the far side can", async ({ skip }) => {
    const { scene, stored } = subject;
    if (!scene.update) return skip("every input replaces");
    const changed = { ...scene.inputs, ...scene.update.inputs };
    const result = await scene.engine.up(stored, changed);
    expect(result.step).toBe("update");
    expect(await scene.look(stored.id)).toMatchObject(scene.update.seen);
    expect(await scene.engine.refresh(result.stored)).toEqual(result.stored);
    const back = await scene.engine.up(result.stored, scene.inputs);
    subject.stored = back.stored;
  });

  it("is replaced where it cannot", async ({ skip }) => {
    const { scene, stored } = subject;
    if (!scene.replace) return skip("every input updates");
    const result = await scene.engine.up(stored, { ...scene.inputs, ...scene.replace });
    expect(result.step).toBe("replace");
    expect(await scene.look(result.stored.id)).toBeDefined();
    if (result.stored.id !== stored.id) expect(await scene.look(stored.id)).toBeUndefined();
    subject.stored = result.stored;
  });
}

function itMayBeRemovedByHand(subject: Subject): void {
  it("is missed by a refresh when somebody removed it, and deleting it then is done", async () => {
    const { scene, stored } = subject;
    await scene.removeByHand(stored.id);
    expect(await scene.engine.refresh(stored)).toBeUndefined();
    await expect(scene.engine.delete(stored)).resolves.toBeUndefined();
  });
}

function itMayFailHalfWay(subject: Subject): void {
  it("is kept and finished when its creation failed half way", async ({ skip }) => {
    const { scene, token } = subject;
    if (!scene.failAfterFirstWrite) return skip("created in one call");
    scene.failAfterFirstWrite();
    const creation = scene.engine.create(token, "example", scene.inputs);
    const fault = await creation.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(fault instanceof HalfCreated)) throw new Error(`not kept in state: ${String(fault)}`);
    subject.stored = await scene.engine.update(fault.stored, scene.inputs);
    await expectSettled(subject);
    await scene.engine.delete(subject.stored);
  });
}

function itIsKnownAgain(subject: Subject): void {
  it("is known again when nobody heard of its creation, in the same update and in the next", async ({
    skip,
  }) => {
    const { scene, token } = subject;
    if (!scene.loseAnswer) return skip("the answer tells what cannot be asked again");
    scene.loseAnswer();
    const first = await scene.engine.create(token, "example", scene.inputs);
    const second = await scene.engine.create(token, "example", scene.inputs);
    expect(second.id).toBe(first.id);
    subject.stored = second;
    await expectSettled(subject);
    await scene.engine.delete(second);
    expect(await scene.look(second.id)).toBeUndefined();
  });
}

function itIsDeleted(subject: Subject): void {
  it("is gone once deleted, and deleting it again is done", async () => {
    const { scene, token } = subject;
    const stored = await scene.engine.create(token, "example", scene.inputs);
    await scene.engine.delete(stored);
    expect(await scene.look(stored.id)).toBeUndefined();
    await expect(scene.engine.delete(stored)).resolves.toBeUndefined();
  });
}

async function expectSettled({ scene, stored }: Subject): Promise<void> {
  const unchanged = { step: "same", changed: [] };
  expect(await scene.engine.preview(stored, scene.inputs)).toEqual(unchanged);
  expect(await scene.engine.refresh(stored)).toEqual(stored);
}
