import { readFileSync, writeFileSync } from "node:fs";
import { withConfigurationTable } from "./documentation-table.ts";

const document = new URL("../docs/configuration.md", import.meta.url);
writeFileSync(document, withConfigurationTable(readFileSync(document, "utf8")));
