/** Why a commit was refused; each has one sentence, which is GitLab's. */
export type RefusalReason =
  | "file-exists"
  | "file-missing"
  | "file-changed"
  | "path-invalid"
  | "branch-missing"
  | "branch-exists"
  | "raced";

/**
 * A commit that was asked for and not made. The repository is as it was.
 *
 * The messages are those of GitLab, which clients match because the status is 400 for all.
 */
export class CommitRefused extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.name = "CommitRefused";
    this.reason = reason;
  }
}
