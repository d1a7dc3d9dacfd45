import { path } from "../kit/path.ts";
import type { GitLab } from "./client.ts";

/** What a new runner is asked to be, as far as that tells it from others. */
export interface WantedRunner {
  readonly runnerType: "instance_type" | "group_type" | "project_type";
  readonly groupId?: number | undefined;
  readonly projectId?: number | undefined;
  readonly description?: string | undefined;
  /** Tells whose it is: without one nothing is removed. */
  readonly maintenanceNote?: string | undefined;
}

interface Listed {
  readonly id: number;
  readonly description: string | null;
  readonly status: string;
}

export interface Candidate extends Listed {
  readonly runner_type: WantedRunner["runnerType"];
  readonly contacted_at: string | null;
  readonly created_by?: { readonly id: number } | null;
  readonly maintenance_note: string | null;
}

/**
 * Removes runners that an earlier create of the same resource left behind because its answer was lost:
 * the token was in that answer alone, so that no machine can ever use them. Such a runner is as asked
 * for, note included, was made by the token's own user, and has never contacted GitLab.
 */
export async function removeLostRunners<Row extends Candidate>(
  wanted: WantedRunner,
  isAsWanted: (row: Row) => boolean,
  api: GitLab,
): Promise<void> {
  const { description, maintenanceNote } = wanted;
  if (!maintenanceNote || !description) return;
  const rows = (await api.rows<Listed>(listOf(wanted), { type: wanted.runnerType })) ?? [];
  const silent = rows.filter(
    (row) => row.status === "never_contacted" && row.description === description,
  );
  for (const { id } of silent) {
    const row = await api.find<Row>(path`/runners/${id}`);
    if (row && (await isLost(row, maintenanceNote, api)) && isAsWanted(row)) {
      await api.remove(path`/runners/${id}`);
      api.report(`Removed runner ${id}, which nobody can use: the answer with its token was lost.`);
    }
  }
}

function listOf({ runnerType, groupId, projectId }: WantedRunner): string {
  if (runnerType === "group_type") return path`/groups/${groupId ?? ""}/runners`;
  if (runnerType === "project_type") return path`/projects/${projectId ?? ""}/runners`;
  return "/runners/all";
}

async function isLost(row: Candidate, note: string, api: GitLab): Promise<boolean> {
  const isSilent = row.contacted_at === null && row.maintenance_note === note;
  return isSilent && row.created_by?.id === (await api.user()).id;
}
