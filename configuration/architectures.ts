import { z } from "zod";
import type { BuildArchitecture } from "../pipeline/machines.ts";
import { text } from "../validation/schema-text.ts";
import * as rule from "../validation/text-rules.ts";

/** A list of what packages are built for. */
export const architectures = z.array(text(rule.debianArchitecture)).min(1).optional();

/** What is different on an architecture. */
export const onArchitecture = z
  .record(
    text(rule.debianArchitecture),
    z
      .strictObject({
        tags: z.array(text(rule.runnerTag)).optional().meta({
          description: "Runner tags of its jobs of that architecture.",
          unset: "those of the only runner of that architecture",
        }),
      })
      .meta({ placeholder: "architecture" }),
  )
  .default({});

/** Published where nothing else is said. */
export const defaultArchitectures = ["amd64"];

interface Written {
  readonly architectures?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly onArchitecture: z.output<typeof onArchitecture>;
}

/**
 * What a package is built for, and the tags of its jobs there.
 * @param stack What packages are built for that say nothing.
 * @param tagsOf The tags of an architecture's runner.
 */
export function completeArchitectures(
  { architectures = [], tags, onArchitecture }: Written,
  stack: readonly string[],
  tagsOf: (architecture: string) => readonly string[] | undefined,
): BuildArchitecture[] {
  const built = architectures.length > 0 ? architectures : stack;
  return built.map((name, index) => ({
    name,
    tags: toWrittenTags({ tags, onArchitecture }, name, index) ?? tagsOf(name) ?? [],
  }));
}

/** `tags` are those of the first architecture: runners of another need others. */
export function toWrittenTags<Tags>(
  {
    tags,
    onArchitecture,
  }: { tags: Tags; onArchitecture: Readonly<Record<string, { tags?: Tags }>> },
  name: string,
  index: number,
): Tags | undefined {
  return onArchitecture[name]?.tags ?? (index === 0 ? tags : undefined);
}
