import { z } from "zod";

const day = 24 * 60 * 60 * 1000;

/** When a runner gets a new token. */
export const rotationSettings = {
  generation: z.int().min(1).default(1).meta({
    description: "Raise it by one to replace the runner by a new one; `make rotate` does.",
  }),
  rotation: z
    .strictObject({
      everyDays: z.int().min(1).meta({ description: "Days that a token is used." }),
      since: z.iso
        .date()
        .meta({ description: 'Day that the periods count from, between quotes: `"2026-01-31"`.' }),
    })
    .optional()
    .meta({
      description: "Replace the runner at the first `pulumi up` of each period.",
      unset: "only when `generation` is raised",
    }),
};

const rotated = z.object(rotationSettings);
export type RotationSettings = z.output<typeof rotated>;

/** The generation that is due: the one that is set, and one more for each period that has passed. */
export function dueGeneration({ generation, rotation }: RotationSettings, today: Date): number {
  if (rotation === undefined) return generation;
  const passed = Math.floor((today.getTime() - Date.parse(rotation.since)) / day);
  return generation + Math.max(0, Math.floor(passed / rotation.everyDays));
}

/** Children of the first generation keep their plain names, so that it costs nothing to begin. */
export function generationSuffix(generation: number): string {
  return generation === 1 ? "" : `-${generation}`;
}
