import { ApiError } from "../../kit/api-error.ts";
import { isSame } from "../../kit/diff.ts";
import type { Failure } from "../../kit/kind.ts";
import type { Property } from "../../kit/property.ts";
import { isEscapable } from "../publish-path.ts";
import { isAtLeast, type Release } from "../version.ts";
import { hasSameComponents, type PublicationInputs, publicationInputs } from "./publication-row.ts";

type Inputs = Partial<PublicationInputs>;
type Key = keyof PublicationInputs;

interface Need {
  readonly property: Key;
  readonly release: Release;
  readonly what?: string;
}

/** What the inputs ask of the server's version. */
export function needsOf({ multiDist, signedBy, version, signing, distribution }: Inputs): Need[] {
  const needs: readonly (Need | false)[] = [
    multiDist === true && { property: "multiDist", release: "1.6.0" },
    signedBy !== undefined && { property: "signedBy", release: "1.6.3" },
    version !== undefined && { property: "version", release: "1.6.3" },
    (signing?.gpgKey ?? "").includes(",") && {
      property: "signing",
      release: "1.6.3",
      what: "signing.gpgKey with several keys",
    },
    (distribution ?? "").includes("/") && {
      property: "distribution",
      release: "1.6.0",
      what: "a distribution with a slash",
    },
  ];
  return needs.filter((need) => need !== false);
}

export function checkPublication(inputs: Inputs): Failure[] {
  const { prefix = "", distribution = "", sources = [], signing = {} } = inputs;
  const components = sources.map(({ component }) => component);
  const twice = components.find((each, index) => components.indexOf(each) !== index);
  return [
    ...notEscapable("prefix", prefix),
    ...notEscapable("distribution", distribution),
    ...(twice === undefined
      ? []
      : [
          {
            property: "sources",
            reason: `component "${twice}" has two sources. Give each source a component of its own.`,
          },
        ]),
    ...(inputs.butAutomaticUpgrades && !inputs.notAutomatic
      ? [
          {
            property: "butAutomaticUpgrades",
            reason:
              "butAutomaticUpgrades is true and notAutomatic is not, which apt does not read. Set notAutomatic: true, or leave it out.",
          },
        ]
      : []),
    ...(signing.skip && signing.gpgKey !== undefined
      ? [
          {
            property: "signing",
            reason: "signing.skip is true and signing.gpgKey is set. Leave one of them out.",
          },
        ]
      : []),
  ];
}

/** The inputs that differ from what is there and that this server changes only by publishing anew. */
export function publishingAnew(wanted: Inputs, there: Inputs, version: string): Key[] {
  const fixed: readonly Key[] = [
    "sourceKind",
    "architectures",
    "notAutomatic",
    "butAutomaticUpgrades",
    ...(isAtLeast(version, "1.6.3") ? [] : (["label", "origin", "multiDist"] as const)),
    ...(isAtLeast(version, "1.6.0") || onlySwitches(wanted, there) ? [] : (["sources"] as const)),
  ];
  return fixed.filter((key) => {
    const { same }: Property = publicationInputs[key];
    return wanted[key] !== undefined && !isSame(same, wanted[key], there[key]);
  });
}

function onlySwitches({ sourceKind, sources }: Inputs, there: Inputs): boolean {
  return sourceKind === "snapshot" && hasSameComponents(sources ?? [], there.sources ?? []);
}

/** The error of a publish with what to do about the faults that aptly leaves unexplained. */
export function explainPublish(error: unknown, { signing, sources }: PublicationInputs): unknown {
  if (!(error instanceof ApiError)) return error;
  const hints: readonly (readonly [RegExp, string])[] = [
    [
      /sign file|clearsign|GPG signer/i,
      `Check that ${signing?.gpgKey ? `the key "${signing.gpgKey}"` : "a default key"} is in the secret keyring of the server's user, not expired, and that its passphrase is right.`,
    ],
    [
      /list of architectures/,
      "An empty repository cannot tell its architectures: set architectures.",
    ],
    [
      /already exists and is different|file .* conflict/i,
      "Two distributions of the prefix have a file of one name with other content: add the codename to the package version, or set multiDist or another prefix.",
    ],
    [/not found/, `Check that the sources ${sources.map(({ name }) => name).join(", ")} exist.`],
  ];
  const hint = hints.find(([pattern]) => pattern.test(error.answer));
  return hint ? error.withAdvice(hint[1]) : error;
}

function notEscapable(property: "prefix" | "distribution", text: string): Failure[] {
  if (isEscapable(text)) return [];
  const reason = `"${text}" has a slash beside an underscore, which aptly's API cannot address. Rename that part.`;
  return [{ property, reason }];
}
