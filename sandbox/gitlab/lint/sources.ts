/** A project at a commit, from which files are included. */
export interface Source {
  /** Full path of the project. */
  project: string;
  /** Undefined where the repository is empty. */
  sha: string | undefined;
  /** The text of a file; undefined when it is missing. */
  read(path: string): Promise<string | undefined>;
  /** Every path of the commit. */
  list(): Promise<readonly string[]>;
}

/** Where included files come from. */
export interface Sources {
  /** The project whose configuration it is. */
  own: Source;
  /**
   * Another project at a branch, tag or commit, or why there is none: it does not exist or may not be
   * read by the user, or it has no such ref.
   */
  open(project: string, ref: string): Promise<Source | "denied" | "no ref">;
}

/** What includes are resolved with. */
export interface IncludeFacts extends Sources {
  /** The value of a variable; those of the file itself are not known yet. */
  read(name: string): string | undefined;
  /** Whether sound rules let a file in; they ask for paths of the including file's project. */
  admits(rules: unknown, source: Source): Promise<boolean>;
}
