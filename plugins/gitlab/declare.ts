import { kindOf, lookupOf } from "../kit/kind.ts";
import type { GitLab } from "./client.ts";

export const kind = kindOf<GitLab>();
export const lookup = lookupOf<GitLab>();
