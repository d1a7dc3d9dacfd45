import type { Aptly } from "./client.ts";

interface Row {
  readonly SourceKind: string;
  readonly Sources: readonly { readonly Name: string }[];
}

/** Whether a publication is made of a local repository or a snapshot. */
export async function isPublished(
  api: Aptly,
  kind: "local" | "snapshot",
  name: string,
): Promise<boolean> {
  const rows = (await api.get<Row[] | null>("/publish")) ?? [];
  return rows.some(
    ({ SourceKind, Sources }) => SourceKind === kind && Sources.some(({ Name }) => Name === name),
  );
}
