import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefUpdate } from "../pipelines/on-push.ts";

/** What a push changed, as git's post-receive hook wrote it down. */
export interface Push {
  updates: RefUpdate[];
  /** Texts given with `git push -o`. */
  options: string[];
}

/** A file for one push, which the hook fills and `take` reads and removes. */
export class PushRecord {
  readonly #file = join(tmpdir(), `push-${randomUUID()}`);

  /** What tells the hook where to write. */
  get environment(): Record<string, string> {
    return { PUSHED: this.#file };
  }

  /** The push; nothing changed when git refused it or it moved no ref. */
  async take(): Promise<Push> {
    const lines = (await this.#read()).split("\n").filter((line) => line !== "");
    await rm(this.#file, { force: true });
    const options = lines.flatMap((line) => /^option (.*)$/.exec(line)?.[1] ?? []);
    const updates = lines.flatMap((line): RefUpdate[] => {
      const [, before, after, ref] = /^([0-9a-f]{40}) ([0-9a-f]{40}) (refs\/.+)$/.exec(line) ?? [];
      return before && after && ref ? [{ before, after, ref }] : [];
    });
    return { updates, options };
  }

  async #read(): Promise<string> {
    try {
      return await readFile(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
      throw error;
    }
  }
}
