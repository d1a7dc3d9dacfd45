import { kindOf } from "../kit/kind.ts";
import type { Aptly } from "./client.ts";

export const kind = kindOf<Aptly>();
