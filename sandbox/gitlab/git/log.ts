import { runGit } from "./command.ts";
import { toDate } from "./dates.ts";

/** A commit as git stores it. Dates are ISO 8601 with milliseconds and the writer's own offset. */
export interface GitCommit {
  id: string;
  parentIds: string[];
  message: string;
  author: GitSignature;
  committer: GitSignature;
}

/** Who wrote a commit and when. */
export interface GitSignature {
  name: string;
  email: string;
  date: string;
}

/** Which commits to list. */
export interface LogQuery {
  /** Where to start, newest first; every ref when undefined. */
  ref?: string;
  /** Only commits that touched this path. */
  path?: string;
  /** Only commits at or after this time, ISO 8601. */
  since?: string;
  /** Only commits at or before this time, ISO 8601. */
  until?: string;
}

const fields = ["%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%B"].join("%x00");

/** Lists commits, newest first. */
export async function listCommits(directory: string, query: LogQuery): Promise<GitCommit[]> {
  const args = ["log", "-z", `--format=${fields}%x01`];
  if (query.since !== undefined) args.push(`--since=${query.since}`);
  if (query.until !== undefined) args.push(`--until=${query.until}`);
  args.push(query.ref ?? "--all");
  if (query.path !== undefined) args.push("--", query.path);
  return parse(await runGit(directory, args));
}

/** Reads the commits with the given ids, in the order asked for. */
export async function readCommits(
  directory: string,
  ids: readonly string[],
): Promise<Map<string, GitCommit>> {
  if (ids.length === 0) return new Map();
  const args = ["log", "-z", "--no-walk=unsorted", "--stdin", `--format=${fields}%x01`];
  const commits = parse(await runGit(directory, args, { input: `${ids.join("\n")}\n` }));
  return new Map(commits.map((commit) => [commit.id, commit]));
}

/** Reads one commit by its full id. */
export async function readCommit(directory: string, id: string): Promise<GitCommit> {
  const commit = (await readCommits(directory, [id])).get(id);
  if (commit === undefined) throw new Error(`git log gave nothing for commit ${id}`);
  return commit;
}

function parse(output: Buffer): GitCommit[] {
  return output
    .toString("utf8")
    .split("\u0001")
    .map((record) => record.replace(/^\0/, ""))
    .filter((record) => record !== "")
    .map(toCommit);
}

function toCommit(record: string): GitCommit {
  const [
    id = "",
    parents = "",
    an = "",
    ae = "",
    ad = "",
    cn = "",
    ce = "",
    cd = "",
    message = "",
  ] = record.split("\0");
  return {
    id,
    parentIds: parents === "" ? [] : parents.split(" "),
    message,
    author: { name: an, email: ae, date: toDate(ad) },
    committer: { name: cn, email: ce, date: toDate(cd) },
  };
}
