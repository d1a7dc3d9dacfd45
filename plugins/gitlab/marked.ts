/** What a group or a project tells about its deletion. */
export interface Deletable {
  readonly marked_for_deletion_at?: string | null;
  readonly marked_for_deletion_on?: string | null;
  readonly full_path?: string;
  readonly path_with_namespace?: string;
}

/**
 * GitLab keeps a deleted group or project for some days, under another path so that its own is free
 * again: to the stack it is gone. https://docs.gitlab.com/user/project/working_with_projects/#delete-a-project
 */
export function isMarked(row: Deletable): boolean {
  return Boolean(row.marked_for_deletion_at ?? row.marked_for_deletion_on);
}
