import { isStatus } from "../kit/api-error.ts";
import type { GitLab } from "./client.ts";
import { type Deletable, isMarked } from "./marked.ts";

/** Deletes what can still be restored; done when it is gone or marked already. */
export async function markForDeletion(api: GitLab, url: string): Promise<void> {
  const row = await api.find<Deletable>(url);
  if (!row || isMarked(row)) return;
  try {
    await api.remove(url);
  } catch (error) {
    // A repeated call may find the first one's work done.
    if (!isStatus(error, 400) || !(await isGone(api, url))) throw error;
  }
  await api.until<Deletable>(url, "deleted", (found) => !found || isMarked(found));
}

/** Deletes what nobody can restore: marks it, then asks again under the path it has by then. */
export async function removeForGood(api: GitLab, url: string): Promise<void> {
  await markForDeletion(api, url);
  const marked = await api.find<Deletable>(url);
  // Servers before 18 delete at once.
  if (!marked) return;
  const fullPath = marked.path_with_namespace ?? marked.full_path;
  await api.remove(url, { permanently_remove: true, full_path: fullPath });
  await api.until(url, "removed", (found) => found === undefined);
}

async function isGone(api: GitLab, url: string): Promise<boolean> {
  const row = await api.find<Deletable>(url);
  return !row || isMarked(row);
}
