import type { Input } from "@pulumi/pulumi";
import { builderImageVariable } from "../pipeline/names.ts";
import {
  type GroupVariableKey,
  type PipelineVariable,
  pipelineVariables,
} from "../pipeline/variables.ts";
import type { Variable } from "./variables.ts";

/** Where upload jobs reach aptly, and where apt clients read what they published. */
export interface AptlyAccess {
  /** Address of aptly's API, ending in `/api`. */
  readonly url: Input<string>;
  /** Address of the published repositories, without prefix. */
  readonly aptUrl: Input<string>;
  readonly username: Input<string>;
  /** 8 or more characters that GitLab can mask; pass it as a secret. */
  readonly password: Input<string>;
}

/** What jobs are handed beside what their pipeline says. */
export interface JobAccess {
  /** Default: none. */
  readonly aptly?: AptlyAccess | undefined;
  /** Image of each distribution's jobs, by codename. Default: none. */
  readonly builderImages?: Readonly<Record<string, Input<string>>> | undefined;
}

/** The variables that hand it over, by key; the credentials to protected branches only. */
export function toJobVariables({ aptly, builderImages = {} }: JobAccess): Record<string, Variable> {
  const images = Object.entries(builderImages).map(
    ([codename, value]) => [builderImageVariable(codename), { value }] as const,
  );
  if (!aptly) return Object.fromEntries(images);
  const values: Readonly<Record<GroupVariableKey, Input<string>>> = {
    APTLY_URL: aptly.url,
    APTLY_USERNAME: aptly.username,
    APTLY_PASSWORD: aptly.password,
    APT_URL: aptly.aptUrl,
  };
  const access = Object.entries(values).map(
    ([key, value]) =>
      [key, { value, ...flagsOf(pipelineVariables[key as GroupVariableKey]) }] as const,
  );
  return Object.fromEntries([...access, ...images]);
}

function flagsOf({ protected: isProtected, masked }: PipelineVariable) {
  return { ...(isProtected && { protected: true }), ...(masked && { masked: true }) };
}
