import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** A call that changed something on a server. */
export interface RecordedCall {
  readonly service: "gitlab" | "aptly";
  readonly method: string;
  /** Below the API's address. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
}

/** Texts that differ from run to run, or are kept in a file of their own, by what stands for them. */
export type Placeholders = Readonly<Record<string, string>>;

const folder = import.meta.dirname;

/** The recorded stack; GitLab's clock stands still, so that commits have the same ids in every run. */
export const recordedStack = {
  name: "prod",
  configuration: parse(readFileSync(join(folder, "configuration.yaml"), "utf8")),
  clock: () => new Date("2026-03-01T12:00:00Z"),
};

/** The secret that GitLab made up for an object; undefined when it has none. */
function toToken(answer: unknown): string | undefined {
  const { token, runners_token } = (answer ?? {}) as Record<string, string | undefined>;
  return token ?? runners_token;
}

/** Placeholders for the secrets in the answers to the recorded calls, in their order. */
export function toTokenPlaceholders(answers: readonly unknown[]): Placeholders {
  const tokens = new Set(answers.flatMap((answer) => toToken(answer) ?? []));
  return Object.fromEntries([...tokens].map((token, index) => [`<token ${index + 1}>`, token]));
}

export function toAddressPlaceholders(environment: Readonly<Record<string, string>>): Placeholders {
  const { GITLAB_BASE_URL = "", APTLY_URL = "" } = environment;
  return {
    "http://gitlab.invalid": new URL(GITLAB_BASE_URL).origin,
    "http://aptly.invalid": new URL(APTLY_URL).origin,
  };
}

/** Every recorded pipeline file lies beside this one, as it is. */
function readFilePlaceholders(): Placeholders {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yml"));
  return Object.fromEntries(
    files.map((file) => [`<${file}>`, readFileSync(join(folder, file), "utf8")]),
  );
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

export function hide(json: string, placeholders: Placeholders): string {
  return Object.entries(placeholders).reduce(
    (hidden, [placeholder, text]) => hidden.replaceAll(inJson(text), placeholder),
    json,
  );
}

/** A recorded JSON file with the texts of this run. */
export function readRecording<T>(file: string, placeholders: Placeholders): T {
  const json = Object.entries({ ...readFilePlaceholders(), ...placeholders }).reduce(
    (shown, [placeholder, text]) => shown.replaceAll(placeholder, () => inJson(text)),
    readFileSync(join(folder, file), "utf8"),
  );
  return JSON.parse(json);
}
