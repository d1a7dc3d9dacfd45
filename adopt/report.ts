import type { Adoption } from "./adoption.ts";

export interface Report {
  readonly adoption: Pick<Adoption, "remarks" | "findings" | "takenOver">;
  /** What the program would create. */
  readonly creations: readonly string[];
  /** How many objects are imported. */
  readonly imported: number;
  readonly files: readonly string[];
}

/** What was found, in the words of a terminal. No value of a variable is in it. */
export function renderReport({ adoption, creations, imported, files }: Report): string {
  const { findings, remarks, takenOver } = adoption;
  const isTakenOver = (project: string) => takenOver.includes(project);
  const pipelines = Object.entries(findings).flatMap(([project, found]) => [
    `  ${project}: ${isTakenOver(project) ? "taken over" : "kept (pipeline: own)"}`,
    ...found.map(({ what, why }) => `    - ${what}: ${why}.`),
  ]);
  return [
    ...section("Hand-written pipelines", pipelines),
    ...section("Left alone", remarks.map(toItem)),
    ...section(
      "Created by the next pulumi up",
      creations.length > 0 ? creations.map(toItem) : ["  nothing in GitLab or aptly"],
    ),
    ...(takenOver.length > 0
      ? section(
          "Changed by the next pulumi up, as the preview below shows",
          takenOver.map(
            (project) =>
              `  - ${project}: .gitlab-ci.yml, and the CI settings that the new one needs`,
          ),
        )
      : []),
    `Written: ${files.join(", ")}. Importing ${imported} objects; nothing is written to GitLab or aptly.`,
    "",
  ].join("\n");
}

function toItem(text: string): string {
  return `  - ${text}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines, ""];
}
