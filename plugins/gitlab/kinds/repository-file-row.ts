import { isUtf8 } from "node:buffer";
import type { Observed } from "../../kit/kind.ts";
import type { ValuesOf } from "../../kit/property.ts";
import type { repositoryFileInputs, repositoryFileOutputs } from "./repository-file-inputs.ts";

export type FileInputs = ValuesOf<typeof repositoryFileInputs>;
export type FileState = FileInputs & ValuesOf<typeof repositoryFileOutputs>;

/** https://docs.gitlab.com/api/repository_files/#get-file-from-repository */
export interface FileRow {
  readonly file_name: string;
  readonly size: number;
  /** Always in base64. */
  readonly content: string;
  readonly content_sha256: string;
  readonly ref: string;
  readonly blob_id: string;
  readonly commit_id: string;
  readonly last_commit_id: string;
  readonly execute_filemode?: boolean;
}

/** Text stays text in state; what cannot be text, as an import may find, is base64. */
export function toState(row: FileRow, prior: Partial<FileState>): Observed<FileState> {
  const bytes = Buffer.from(row.content, "base64");
  const encoding = prior.encoding ?? (isUtf8(bytes) ? "text" : "base64");
  // The tip of the branch moves with every commit to any file: only a change of this one counts.
  const isSeen = prior.lastCommitId === row.last_commit_id && prior.commitId !== undefined;
  return {
    encoding,
    content: encoding === "text" ? bytes.toString("utf8") : row.content,
    executeFilemode: row.execute_filemode,
    blobId: row.blob_id,
    commitId: isSeen ? prior.commitId : row.commit_id,
    lastCommitId: row.last_commit_id,
    contentSha256: row.content_sha256,
    fileName: row.file_name,
    ref: row.ref,
    size: row.size,
  };
}

export function isAsWanted(row: FileRow, inputs: FileInputs): boolean {
  const { executeFilemode: wanted } = inputs;
  const isMode = wanted === undefined || wanted === (row.execute_filemode ?? false);
  return isMode && toState(row, inputs).content === inputs.content;
}

/** The body of a create or an update. */
export function toCommit(inputs: FileInputs, message: string) {
  const { branch, content, encoding, executeFilemode } = inputs;
  return {
    branch,
    content,
    encoding,
    commit_message: message,
    ...toAuthor(inputs),
    ...(executeFilemode !== undefined && { execute_filemode: executeFilemode }),
  };
}

export function toAuthor({ authorName, authorEmail }: Partial<FileInputs>) {
  return {
    ...(authorName !== undefined && { author_name: authorName }),
    ...(authorEmail !== undefined && { author_email: authorEmail }),
  };
}
