import type { Aptly } from "../plugins/aptly/client.ts";
import type { Row as PublicationRow } from "../plugins/aptly/kinds/publication-row.ts";
import { path } from "../plugins/kit/path.ts";

export interface RepositoryWorld {
  readonly name: string;
  /** How many packages are in it. */
  readonly packages: number;
}

export interface AptlyWorld {
  readonly repositories: readonly RepositoryWorld[];
  readonly publications: readonly PublicationRow[];
}

/** Reads and changes nothing. */
export async function readAptly(api: Aptly): Promise<AptlyWorld> {
  const rows = await api.get<{ readonly Name: string }[]>("/repos");
  return {
    repositories: await Promise.all(
      rows.map(async ({ Name: name }) => ({
        name,
        packages: (await api.get<string[]>(path`/repos/${name}/packages`)).length,
      })),
    ),
    publications: await api.get<PublicationRow[]>("/publish"),
  };
}
