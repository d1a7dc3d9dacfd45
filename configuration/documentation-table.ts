import { describeConfiguration } from "./documentation.ts";

const begin = "<!-- configuration: npm run docs:accept -->";
const end = "<!-- /configuration -->";

/** `docs/configuration.md` with the table of configuration keys as the schema has them now. */
export function withConfigurationTable(document: string): string {
  const [before, rest = ""] = document.split(begin);
  const after = rest.slice(rest.indexOf(end));
  if (!after.startsWith(end)) throw new Error(`docs/configuration.md lacks ${begin} … ${end}`);
  const rows = describeConfiguration().map(
    ({ path, meaning, default: fallback }) => `| \`${path}\` | ${meaning} | ${fallback} |`,
  );
  const table = ["| key | meaning | default |", "| --- | --- | --- |", ...rows].join("\n");
  return `${before}${begin}\n${table}\n${after}`;
}
