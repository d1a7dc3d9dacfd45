import { kindOf, lookupOf } from "../kit/kind.ts";
import type { Aptly } from "./client.ts";

export const kind = kindOf<Aptly>();
export const lookup = lookupOf<Aptly>();
