import { stringify } from "yaml";

/** A CI/CD variable as GitLab's API lists it. https://docs.gitlab.com/api/project_level_variables/ */
export interface CiVariable {
  key: string;
  value: string;
  variable_type: "env_var" | "file";
  protected: boolean;
  masked: boolean;
  /** Whether `$` in the value stands for itself. */
  raw: boolean;
  environment_scope: string;
}

export interface VariableSources {
  /** The variables of each group above the project, outermost first. */
  groups: readonly (readonly CiVariable[])[];
  project: readonly CiVariable[];
  /** Whether the pipeline's branch is protected. */
  onProtectedBranch: boolean;
}

/**
 * The variables that a job without an environment gets: those of the innermost owner win.
 * https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
 */
export function selectVariables(sources: VariableSources): CiVariable[] {
  const selected = new Map<string, CiVariable>();
  for (const variable of [...sources.groups.flat(), ...sources.project]) {
    if (variable.environment_scope !== "*") continue;
    if (variable.protected && !sources.onProtectedBranch) continue;
    selected.set(variable.key, variable);
  }
  return [...selected.values()];
}

/** What gitlab-ci-local reads with `--variables-file`: every variable but the masked ones. */
export function renderVariablesFile(variables: readonly CiVariable[]): string {
  const entries = variables
    .filter(({ masked }) => !masked)
    .map(({ key, value, variable_type, raw }) => {
      const type = variable_type === "file" ? "file" : "variable";
      return [key, { type, values: { "*": raw ? value.replaceAll("$", "$$$$") : value } }];
    });
  return stringify(Object.fromEntries(entries));
}

/**
 * What Docker reads with `--env-file`: the masked variables. Their values have one line, since
 * GitLab masks no others.
 */
export function renderSecretsFile(variables: readonly CiVariable[]): string {
  const secrets = variables.filter(({ masked }) => masked);
  return secrets.map(({ key, value }) => `${key}=${value}\n`).join("");
}

/** Hides the values of masked variables in a line of output, as GitLab does in a job's log. */
export function redact(line: string, variables: readonly CiVariable[]): string {
  const secrets = variables.filter(({ masked, value }) => masked && value !== "");
  return secrets.reduce((text, { value }) => text.replaceAll(value, "[MASKED]"), line);
}
