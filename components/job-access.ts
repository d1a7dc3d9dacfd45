import type { Input } from "@pulumi/pulumi";
import { builderImageVariable } from "../pipeline/names.ts";
import {
  type GroupVariableKey,
  type PipelineVariable,
  pipelineVariables,
} from "../pipeline/variables.ts";

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

/** A CI/CD variable, but for whose it is. */
interface JobVariable {
  readonly key: string;
  readonly value: Input<string>;
  readonly raw: true;
  readonly protected?: true;
  readonly masked?: true;
}

/** The variables that hand it over; the credentials to protected branches only. */
export function toJobVariables({ aptly, builderImages = {} }: JobAccess): JobVariable[] {
  const images = Object.entries(builderImages).map(([codename, value]) =>
    toVariable(builderImageVariable(codename), value, {}),
  );
  if (!aptly) return images;
  const values: Readonly<Record<GroupVariableKey, Input<string>>> = {
    APTLY_URL: aptly.url,
    APTLY_USERNAME: aptly.username,
    APTLY_PASSWORD: aptly.password,
    APT_URL: aptly.aptUrl,
  };
  const access = Object.entries(values).map(([key, value]) =>
    toVariable(key, value, pipelineVariables[key as GroupVariableKey]),
  );
  return [...access, ...images];
}

function toVariable(
  key: string,
  value: Input<string>,
  { protected: isProtected, masked }: Partial<PipelineVariable>,
): JobVariable {
  return {
    key,
    value,
    raw: true,
    ...(isProtected && { protected: true }),
    ...(masked && { masked: true }),
  };
}
