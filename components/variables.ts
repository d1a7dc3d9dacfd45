import { type Input, Output } from "@pulumi/pulumi";

/** A CI/CD variable of a project or a group. */
export interface Variable {
  /** Pass a secret as one: it is encrypted in the state. One that is masked or hidden always is. */
  readonly value: Input<string>;
  /** Hide it in jobs' logs. It must be one line of 8 or more characters without blanks. Default: false. */
  readonly masked?: boolean;
  /** Never show it again in GitLab; wants `masked`. A change deletes it and makes it anew. Default: false. */
  readonly hidden?: boolean;
  /** Give it to pipelines of protected branches and tags only. Default: false. */
  readonly protected?: boolean;
  /** The environments whose jobs get it. Groups have others than `*` on paid tiers only. Default: `*`. */
  readonly environmentScope?: string;
  /** Take `$` as it is. Default: true. */
  readonly raw?: boolean;
  /** Give jobs the path of a file with the value. Default: false. */
  readonly file?: boolean;
  /** What it is for. Default: none. */
  readonly description?: string;
}

/** Variables by key: a plain value, a variable, or several with different scopes. */
export type Variables = Readonly<Record<string, Input<string> | Variable | readonly Variable[]>>;

/** A variable and how its resource is called. */
export interface NamedVariable {
  /** What its resource's name ends in: its key, and its scope where it has one. */
  readonly suffix: string;
  readonly args: ReturnType<typeof toArgs>;
}

/** Each of the variables, with the arguments that both kinds of resource take. */
export function listVariables(variables: Variables = {}): NamedVariable[] {
  return Object.entries(variables).flatMap(([key, given]) =>
    toList(given).map((variable) => {
      const { environmentScope: scope = "*" } = variable;
      return { suffix: scope === "*" ? key : `${key}@${scope}`, args: toArgs(key, variable) };
    }),
  );
}

function toList(given: Variables[string]): readonly Variable[] {
  if (Array.isArray(given)) return given;
  return isVariable(given) ? [given] : [{ value: given as Input<string> }];
}

function isVariable(given: Variables[string]): given is Variable {
  return typeof given === "object" && !Output.isInstance(given) && "value" in given;
}

/** What is as GitLab has it by default is left out. */
function toArgs(key: string, { value, raw = true, file, description, ...flags }: Variable) {
  const { masked, hidden, protected: isProtected, environmentScope = "*" } = flags;
  return {
    key,
    value,
    raw,
    ...(masked && { masked }),
    ...(hidden && { hidden }),
    ...(isProtected && { protected: isProtected }),
    ...(environmentScope !== "*" && { environmentScope }),
    ...(file && { variableType: "file" }),
    ...(description && { description }),
  };
}
