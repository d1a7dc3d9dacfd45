import { ConfigError } from "../../../validation/config-error.ts";
import { type ApiError, isStatus } from "../../kit/api-error.ts";
import { fromId, toId } from "../../kit/ids.ts";
import { type Failure, finishCreate } from "../../kit/kind.ts";
import { path } from "../../kit/path.ts";
import { isPipeline, lint, refusalsOf } from "../ci-lint.ts";
import type { GitLab } from "../client.ts";
import { kind } from "../declare.ts";
import { findClashes } from "../own-jobs.ts";
import { taken } from "../taken.ts";
import { repositoryFileInputs, repositoryFileOutputs } from "./repository-file-inputs.ts";
import { describeOverwrite, findMissingBranch } from "./repository-file-preview.ts";
import {
  type FileInputs,
  type FileRow,
  isAsWanted,
  toAuthor,
  toCommit,
  toState,
} from "./repository-file-row.ts";

const token = "gitlab:index/repositoryFile:RepositoryFile";

type Place = Pick<FileInputs, "project" | "branch" | "filePath">;

const urlOf = ({ project, filePath }: Place) =>
  path`/projects/${project}/repository/files/${filePath}`;

/** https://docs.gitlab.com/api/repository_files/ */
export const repositoryFile = kind({
  token,
  doc: "A file in a project's repository, a commit for each change of it. Import: `<project>:<branch>:<path>`.",
  example: `
new gitlab.RepositoryFile("owners", {
  project: "infra/datahook",
  branch: "main",
  filePath: "CODEOWNERS",
  content: "* @infra\\n",
  encoding: "text",
  commitMessage: "Name the owners",
});
`,
  inputs: repositoryFileInputs,
  outputs: repositoryFileOutputs,

  async check(inputs, { api, name, oldInputs }) {
    const { content, encoding, filePath, project, branch } = inputs;
    if (content === undefined || encoding === undefined) return [];
    if (encoding === "base64" && Buffer.from(content, "base64").toString("base64") !== content) {
      const reason = "content is not base64 in one line, padded. Encode it, or set encoding: text.";
      return [{ property: "content", reason }];
    }
    const missing = await checkBranch(inputs, oldInputs, api);
    if (missing.length > 0) return missing;
    const refusals = refusalsOf(api, filePath, content);
    if (refusals.length > 0) return refusals.map(toFailure);
    if (filePath === undefined || !isPipeline(filePath)) return [];
    const isNew = content !== oldInputs?.content || encoding !== oldInputs.encoding;
    if (project === undefined) {
      if (isNew) api.report(lintedLater);
      return [];
    }
    const text = toText(content, encoding);
    const errors = isNew ? await lintFile({ content, encoding, filePath, project }, api) : [];
    if (errors === undefined) api.report(notLinted(project));
    const clashes = await findClashes(api, { project, branch: branch ?? "HEAD", content: text });
    const advised = clashes.map((clash) => `${clash} ${howToGoOn(name)}`);
    return [...(errors ?? []).map(toRefusal), ...advised].map(toFailure);
  },

  async foretell(inputs, api, secrets) {
    const { branch, filePath, overwriteOnCreate, project } = inputs;
    const row = await api.find<FileRow>(urlOf(inputs), { ref: branch });
    if (row && overwriteOnCreate) return describeOverwrite(row, inputs, secrets);
    return row && taken(token, toId(project, branch, filePath), "filePath", filePath);
  },

  async create(inputs, api) {
    await refuseInvalid(inputs, api);
    await inTurn(inputs, api, () => createFile(inputs, api));
    const id = toId(inputs.project, inputs.branch, inputs.filePath);
    const row = await finishCreate(id, inputs, () =>
      api.get<FileRow>(urlOf(inputs), { ref: inputs.branch }),
    );
    return { id, state: { ...inputs, ...toState(row, inputs) } };
  },

  again: { isOurs: isOwnCommit },

  async read(id, api, prior) {
    const place = fromId("RepositoryFile", id, ["project", "branch", "filePath"]);
    const row = await api.find<FileRow>(urlOf(place), { ref: place.branch });
    return row && { id, state: { ...place, ...toState(row, prior) } };
  },

  async update(_id, inputs, api, state) {
    await refuseInvalid(inputs, api);
    await inTurn(inputs, api, async () => {
      const row = await api.find<FileRow>(urlOf(inputs), { ref: inputs.branch });
      if (!row) return createFile(inputs, api);
      // Somebody else's change, not seen by a refresh yet, is not overwritten unseen.
      const base = row.blob_id === state.blobId ? row.last_commit_id : state.lastCommitId;
      return writeOver(row, inputs, base ?? row.last_commit_id, api);
    });
    const row = await api.get<FileRow>(urlOf(inputs), { ref: inputs.branch });
    return toState(row, { ...inputs, ...lastSeen(state) });
  },

  async delete(id, api, state) {
    const place = fromId("RepositoryFile", id, ["project", "branch", "filePath"]);
    const { commitMessage, deleteCommitMessage } = state;
    const inherited = commitMessage && `[DELETE]: ${commitMessage}`;
    const message = deleteCommitMessage ?? inherited ?? `Delete ${place.filePath}`;
    await inTurn(place, api, async () => {
      const row = await api.find<FileRow>(urlOf(place), { ref: place.branch });
      if (!row) return;
      const commit = { branch: place.branch, commit_message: message, ...toAuthor(state) };
      await api.remove(urlOf(place), commit);
    });
  },
});

async function checkBranch(
  { project, branch, startBranch }: Partial<FileInputs>,
  oldInputs: Partial<FileInputs> | undefined,
  api: GitLab,
): Promise<Failure[]> {
  const isOld = oldInputs?.project === project && oldInputs?.branch === branch;
  if (project === undefined || branch === undefined || startBranch !== undefined || isOld)
    return [];
  const reason = await findMissingBranch(api, { project, branch });
  return reason === undefined ? [] : [{ property: "branch", reason }];
}

/** Commits to one project at a time, and again when something else moved the branch meanwhile. */
function inTurn(place: Place, api: GitLab, write: () => Promise<void>): Promise<void> {
  const wait = { for: "others' commits to the branch", left: "Nothing was committed" };
  return api.inTurn(`files of ${place.project}`, () => api.patiently(write, isRace, wait));
}

async function createFile(inputs: FileInputs, api: GitLab): Promise<void> {
  const { branch, filePath, project, startBranch } = inputs;
  if (inputs.overwriteOnCreate) {
    const row = await api.find<FileRow>(urlOf(inputs), { ref: branch });
    if (row) return writeOver(row, inputs, row.last_commit_id, api);
  }
  const start = startBranch !== undefined && { start_branch: startBranch };
  try {
    await api.post(urlOf(inputs), { ...toCommit(inputs, toCreateMessage(inputs)), ...start });
  } catch (error) {
    if (!says(error, "A file with this name already exists")) throw error;
    throw taken(token, toId(project, branch, filePath), "filePath", filePath);
  }
}

interface Commit {
  readonly author_name: string;
  readonly title: string;
}

/** Whether the file's last commit has the author and the message of its creation. */
async function isOwnCommit(_id: string, inputs: FileInputs, api: GitLab): Promise<boolean> {
  const row = await api.find<FileRow>(urlOf(inputs), { ref: inputs.branch });
  if (!row) return false;
  const url = path`/projects/${inputs.project}/repository/commits/${row.last_commit_id}`;
  const { title, author_name } = await api.get<Commit>(url);
  const author = inputs.authorName ?? (await api.user()).name;
  return author_name === author && title === toCreateMessage(inputs).split("\n", 1)[0];
}

function toCreateMessage({ createCommitMessage, commitMessage, filePath }: FileInputs): string {
  return createCommitMessage ?? commitMessage ?? `Create ${filePath}`;
}

/** `base` is the commit that the change is made on: a later one makes GitLab refuse. */
async function writeOver(
  row: FileRow,
  inputs: FileInputs,
  base: string,
  api: GitLab,
): Promise<void> {
  if (isAsWanted(row, inputs)) return;
  const { commitMessage, filePath, updateCommitMessage } = inputs;
  const message = updateCommitMessage ?? commitMessage ?? `Update ${filePath}`;
  try {
    await api.put(urlOf(inputs), { ...toCommit(inputs, message), last_commit_id: base });
  } catch (error) {
    if (!says(error, "has changed since you started editing it")) throw error;
    // A repeated call may find the first one's work done.
    const found = await api.find<FileRow>(urlOf(inputs), { ref: inputs.branch });
    if (found && isAsWanted(found, inputs)) return;
    throw error.withAdvice(
      "Somebody else committed to it: run pulumi refresh to see the change, then pulumi up to put it back or take it over into the program.",
    );
  }
}

async function refuseInvalid(inputs: FileInputs, api: GitLab): Promise<void> {
  const errors = (await lintFile(inputs, api)) ?? [];
  if (errors.length === 0) return;
  const faults = errors.map((error) => ({
    path: "content",
    message: `is no valid CI configuration: ${error.replace(/\.$/, "")}`,
    fix: "Correct it; nothing was committed.",
  }));
  throw new ConfigError({
    code: "arguments",
    subject: "RepositoryFile",
    faults,
    limit: faults.length,
  });
}

/** `undefined` when GitLab would not lint it. */
async function lintFile(
  file: Pick<FileInputs, "content" | "encoding" | "filePath" | "project">,
  api: GitLab,
): Promise<readonly string[] | undefined> {
  if (!isPipeline(file.filePath)) return [];
  return lint(api, file.project, toText(file.content, file.encoding));
}

const lintedLater =
  "The pipelines of projects that are not there yet are linted once these are made, before they are committed.";

function notLinted(project: string): string {
  return `The pipeline of ${project} was not linted: the token may not lint there, or pipelines are switched off.`;
}

function toText(content: string, encoding: FileInputs["encoding"]): string {
  return encoding === "text" ? content : Buffer.from(content, "base64").toString("utf8");
}

function toRefusal(error: string): string {
  return `GitLab refuses this CI configuration: ${error}`;
}

/** The engine ends a run at the first resource that is refused, whatever the others are. */
function howToGoOn(name: string): string {
  return `The rest of the stack need not wait: pulumi up --exclude '**::${name}'.`;
}

function toFailure(reason: string): Failure {
  return { property: "content", reason };
}

/** A write that came between; unlike a change of the file itself, it passes. */
function isRace(error: unknown): boolean {
  return says(error, "Please refresh and try again");
}

function says(error: unknown, words: string): error is ApiError {
  return isStatus(error, 400) && error.answer.includes(words);
}

function lastSeen({ commitId, lastCommitId }: { commitId?: string; lastCommitId?: string }) {
  return {
    ...(commitId !== undefined && { commitId }),
    ...(lastCommitId !== undefined && { lastCommitId }),
  };
}
