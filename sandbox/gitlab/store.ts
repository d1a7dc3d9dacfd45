import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as entity from "./entities.ts";
import type * as pipelines from "./pipelines/rows.ts";

/** A row before it has its number; distributes over unions. */
export type New<R extends entity.Row> = R extends entity.Row ? Omit<R, "id"> : never;

interface Saved<R> {
  next: number;
  rows: R[];
}

/** Rows of one sort, numbered from 1; a number is never given twice, not even after a restart. */
export class Collection<R extends entity.Row> {
  readonly #rows = new Map<number, R>();
  readonly #changed: () => void;
  #next = 1;

  constructor(saved: Saved<R> | undefined, changed: () => void) {
    this.#changed = changed;
    this.#next = saved?.next ?? 1;
    for (const row of saved?.rows ?? []) this.#rows.set(row.id, row);
  }

  insert(fields: New<R>): R {
    const row = { id: this.#next++, ...fields } as unknown as R;
    this.#rows.set(row.id, row);
    this.#changed();
    return row;
  }

  get(id: number | null): R | undefined {
    return id === null ? undefined : this.#rows.get(id);
  }

  /** The row another row refers to; its absence is a fault of the sandbox itself. */
  require(id: number): R {
    const row = this.#rows.get(id);
    if (!row) throw new Error(`row ${id} is referred to but does not exist`);
    return row;
  }

  find(matches: (row: R) => boolean): R | undefined {
    for (const row of this.#rows.values()) if (matches(row)) return row;
    return undefined;
  }

  filter(matches: (row: R) => boolean): R[] {
    return this.all().filter(matches);
  }

  /** All rows, by number. */
  all(): R[] {
    return [...this.#rows.values()];
  }

  update(row: R, changes: Partial<New<R>>): R {
    Object.assign(row, changes);
    this.#changed();
    return row;
  }

  delete(row: R): void {
    this.#rows.delete(row.id);
    this.#changed();
  }

  deleteWhere(matches: (row: R) => boolean): void {
    for (const row of this.filter(matches)) this.delete(row);
  }

  toJSON(): Saved<R> {
    return { next: this.#next, rows: this.all() };
  }
}

/** How long changes may gather before they are written, in milliseconds. */
const WRITE_DELAY = 50;

/**
 * Everything the sandbox remembers, kept in `<directory>/db.json`.
 *
 * The file is replaced by rename, so it is whole at any moment; `flush` writes at once.
 * It holds tokens and variable values, hence mode 0600.
 */
export class Store {
  readonly users;
  readonly accessTokens;
  readonly namespaces;
  readonly projects;
  readonly redirects;
  readonly variables;
  readonly members;
  readonly protectedBranches;
  readonly protectedTags;
  readonly runners;
  readonly schedules;
  readonly scheduleVariables;
  readonly deployTokens;
  readonly hooks;
  readonly pipelines;
  readonly jobs;
  readonly runnerManagers;
  readonly #file: string;
  readonly #collections: Record<string, Collection<never>> = {};
  #pending: NodeJS.Timeout | undefined;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#file = join(directory, "db.json");
    const saved = readSaved(this.#file);
    const open = <R extends entity.Row>(name: string) => {
      const rows = new Collection<R>(saved[name] as Saved<R> | undefined, () => this.#schedule());
      this.#collections[name] = rows as unknown as Collection<never>;
      return rows;
    };
    this.users = open<entity.User>("users");
    this.accessTokens = open<entity.AccessToken>("access_tokens");
    this.namespaces = open<entity.Namespace>("namespaces");
    this.projects = open<entity.Project>("projects");
    this.redirects = open<entity.Redirect>("redirects");
    this.variables = open<entity.Variable>("variables");
    this.members = open<entity.Member>("members");
    this.protectedBranches = open<entity.ProtectedBranch>("protected_branches");
    this.protectedTags = open<entity.ProtectedTag>("protected_tags");
    this.runners = open<entity.Runner>("runners");
    this.schedules = open<entity.PipelineSchedule>("schedules");
    this.scheduleVariables = open<entity.PipelineScheduleVariable>("schedule_variables");
    this.deployTokens = open<entity.DeployToken>("deploy_tokens");
    this.hooks = open<entity.Hook>("hooks");
    this.pipelines = open<pipelines.Pipeline>("pipelines");
    this.jobs = open<pipelines.Job>("jobs");
    this.runnerManagers = open<pipelines.RunnerManager>("runner_managers");
  }

  /** Writes every change to disk now. */
  flush(): void {
    if (!this.#pending) return;
    clearTimeout(this.#pending);
    this.#pending = undefined;
    const whole = `${this.#file}.next`;
    writeFileSync(whole, JSON.stringify(this.#collections), { mode: 0o600 });
    renameSync(whole, this.#file);
  }

  #schedule(): void {
    this.#pending ??= setTimeout(() => this.flush(), WRITE_DELAY);
  }
}

function readSaved(file: string): Record<string, Saved<unknown>> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (missing) return {};
    throw new Error(`sandbox: ${file} cannot be read. Restore it or delete its folder.`, {
      cause: error,
    });
  }
}
