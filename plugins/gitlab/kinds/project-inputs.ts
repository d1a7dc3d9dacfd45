import { z } from "zod";
import { type Properties, prop, sameParts } from "../../kit/property.ts";
import { each, Fields } from "../fields.ts";
import { projectCiInputs, updateOnlyCiInputs } from "./project-ci-inputs.ts";
import { projectFeatureInputs, updateOnlyFeatureInputs } from "./project-feature-inputs.ts";

const bool = z.boolean().optional();
const text = z.string().optional();

const expirationPolicy = z
  .object({
    cadence: text.describe("How often it runs: `1d`, `7d`, `14d`, `1month`, `3month`."),
    enabled: bool.describe("Whether it runs."),
    keepN: z.int().optional().describe("How many tags of each image stay."),
    olderThan: text.describe("The age at which tags go: `7d`, `14d`, `30d`, `90d`."),
    nameRegexDelete: text.describe("The tags that go."),
    nameRegexKeep: text.describe("The tags that stay."),
  })
  .meta({
    id: "ProjectContainerExpirationPolicy",
    description: "Which images the container registry forgets.",
  });

type ExpirationPolicy = z.output<typeof expirationPolicy>;

/** https://docs.gitlab.com/api/projects/#create-a-project */
export const projectInputs = {
  name: prop(
    z
      .string()
      .regex(
        /^[\p{L}\p{M}\p{N}\p{Extended_Pictographic}_]/u,
        "must start with a letter, a digit, an emoji or _",
      ),
    "The name shown. Default: the resource's name and 7 random hex digits.",
  ),
  path: prop(text, "The last part of its path. Default: GitLab makes one of the name."),
  namespaceId: prop(
    z.int().optional(),
    "The id of its group. Default: the token's user. Changing it moves the project.",
  ),
  visibilityLevel: prop(
    z.enum(["private", "internal", "public"]).optional(),
    "Who sees it. Default: `private`, or as GitLab is set up.",
  ),
  description: prop(text, "What it is for."),
  topics: prop(z.array(z.string()).optional(), "What it is found by."),
  defaultBranch: prop(text, "Default: as the group or GitLab is set up, mostly `main`."),
  initializeWithReadme: prop(bool, "Whether it begins with a README.md. Default: false.", {
    passive: true,
  }),
  archived: prop(bool, "Whether it is read-only."),
  archiveOnDestroy: prop(bool, "Whether destroying it archives it instead. Default: false.", {
    passive: true,
  }),
  permanentlyDeleteOnDestroy: prop(
    bool,
    "Whether destroying it removes it for good instead of leaving it restorable for some days. Default: false.",
    { passive: true },
  ),
  skipWaitForDefaultBranchProtection: prop(
    bool,
    "Whether creation ends before GitLab has protected the default branch, which it does a moment after the first commit. Default: false.",
    { passive: true },
  ),
  mrDefaultTargetSelf: prop(bool, "Whether merge requests of a fork stay in the fork."),
  containerExpirationPolicy: prop(
    expirationPolicy.optional(),
    "Which images the container registry forgets. Parts left out are GitLab's own.",
    { same: sameParts },
  ),
  ...projectCiInputs,
  ...projectFeatureInputs,
} satisfies Properties;

/** What an update leaves as it is unless it moves or renames the project. */
const located = { stable: ["path", "namespaceId"] } as const;

export const projectOutputs = {
  pathWithNamespace: prop(z.string(), "The path with those of its groups.", located),
  httpUrlToRepo: prop(z.string(), "Clones it over HTTP.", located),
  sshUrlToRepo: prop(z.string(), "Clones it over SSH.", located),
  webUrl: prop(z.string(), "Where people find it.", located),
  avatarUrl: prop(text, "The picture's address.", located),
  emptyRepo: prop(z.boolean(), "Whether it has no commit yet.", { stable: true }),
  runnersToken: prop(z.string(), "Registers runners in the old way.", {
    secret: true,
    stable: ["namespaceId"],
  }),
} satisfies Properties;

export const projectFields = new Fields(
  { ...projectInputs, ...projectOutputs },
  {
    visibilityLevel: { name: "visibility" },
    namespaceId: { on: "create" },
    initializeWithReadme: { on: "create" },
    archived: { on: "elsewhere" },
    mrDefaultTargetSelf: { on: "update" },
    containerExpirationPolicy: {
      name: "container_expiration_policy_attributes",
      to: toPolicy,
      from: fromPolicy,
    },
    ...each([...updateOnlyCiInputs, ...updateOnlyFeatureInputs], { on: "update" }),
    ...each(
      ["archiveOnDestroy", "permanentlyDeleteOnDestroy", "skipWaitForDefaultBranchProtection"],
      { on: "never" },
    ),
  },
);

interface PolicyRow {
  readonly cadence?: string;
  readonly enabled?: boolean;
  readonly keep_n?: number | null;
  readonly older_than?: string | null;
  readonly name_regex?: string | null;
  readonly name_regex_keep?: string | null;
}

function toPolicy(policy: ExpirationPolicy): PolicyRow {
  const { cadence, enabled, keepN, olderThan, nameRegexDelete, nameRegexKeep } = policy;
  return {
    ...(cadence !== undefined && { cadence }),
    ...(enabled !== undefined && { enabled }),
    ...(keepN !== undefined && { keep_n: keepN }),
    ...(olderThan !== undefined && { older_than: olderThan }),
    ...(nameRegexDelete !== undefined && { name_regex: nameRegexDelete }),
    ...(nameRegexKeep !== undefined && { name_regex_keep: nameRegexKeep }),
  };
}

function fromPolicy(row: PolicyRow | null): ExpirationPolicy | null {
  return (
    row && {
      cadence: row.cadence,
      enabled: row.enabled,
      keepN: row.keep_n ?? undefined,
      olderThan: row.older_than ?? undefined,
      nameRegexDelete: row.name_regex ?? "",
      nameRegexKeep: row.name_regex_keep ?? "",
    }
  );
}
