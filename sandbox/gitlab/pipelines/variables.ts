/** A variable as a runner is given it. https://docs.gitlab.com/ci/variables/ */
export interface JobVariable {
  key: string;
  value: string;
  /** Whether its value may be shown; false for what users keep in projects, groups and pipelines. */
  public: boolean;
  masked: boolean;
  /** Whether the job gets the path of a file that holds the value. */
  file: boolean;
  /** Whether `$` in its value stays as it is. */
  raw: boolean;
}

/** A variable whose value anybody may see, unless told otherwise. */
export function toVariable(
  key: string,
  value: string,
  traits: Partial<Omit<JobVariable, "key" | "value">> = {},
): JobVariable {
  return { key, value, public: true, masked: false, file: false, raw: false, ...traits };
}

/** Gives a variable's value by its name, the last of those that bear it. */
export function readerOf(variables: readonly JobVariable[]) {
  return (name: string) => variables.findLast(({ key }) => key === name)?.value;
}

/** {@link toVariable} for several, leaving out those without a value. */
export function toVariables(values: Record<string, string | undefined>): JobVariable[] {
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [toVariable(key, value)],
  );
}

/** Lays lists over one another: of two variables with one key the later one counts. */
export function layer(...layers: readonly (readonly JobVariable[])[]): JobVariable[] {
  const byKey = new Map<string, JobVariable>();
  for (const variable of layers.flat()) {
    byKey.delete(variable.key);
    byKey.set(variable.key, variable);
  }
  return [...byKey.values()];
}

const reference = /\$\$|\$(\w+)|\$\{(\w+)\}/g;

/**
 * Replaces `$NAME` and `${NAME}` in a text. What is not defined stays for the runner, as do `$$` and
 * files, whose path only the runner knows. A variable that leads back to itself stays as it is.
 *
 * @see https://docs.gitlab.com/ci/variables/where_variables_can_be_used/#gitlab-internal-variable-expansion-mechanism
 */
export function expand(
  text: string,
  variables: readonly JobVariable[],
  seen: readonly string[] = [],
): string {
  return text.replaceAll(reference, (whole, plain?: string, braced?: string) => {
    const name = plain ?? braced;
    const found = variables.findLast((variable) => variable.key === name);
    if (found === undefined || found.file || seen.includes(found.key)) return whole;
    return found.raw ? found.value : expand(found.value, variables, [...seen, found.key]);
  });
}

/** Every variable with the references in its value replaced. */
export function expandAll(variables: readonly JobVariable[]): JobVariable[] {
  return variables.map((variable) =>
    variable.raw || variable.file
      ? variable
      : { ...variable, value: expand(variable.value, variables, [variable.key]) },
  );
}
