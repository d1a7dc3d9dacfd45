import type { Namespace, Parent, Project, Variable } from "../entities.ts";
import { coversName } from "../push-access.ts";
import type { Store } from "../store.ts";
import type { PipelineVariable } from "./rows.ts";
import { type JobVariable, layer, toVariable } from "./variables.ts";

/** Which stored variables a job may see. */
export interface VariableScope {
  /** Whether it runs for a protected branch or tag. */
  isProtected: boolean;
  /** The name of its environment; null where it has none. */
  environment: string | null;
}

/**
 * The variables of a project and its groups that reach a job, the project's above those of the
 * groups, the nearest group above the farther ones.
 *
 * @see https://docs.gitlab.com/ci/variables/#cicd-variable-precedence
 */
export function storedVariables(store: Store, project: Project, scope: VariableScope) {
  const owners: Parent[] = [{ kind: "project", id: project.id }];
  let namespace: Namespace | undefined = store.namespaces.get(project.namespace_id);
  while (namespace?.kind === "group") {
    owners.push({ kind: "group", id: namespace.id });
    namespace = store.namespaces.get(namespace.parent_id);
  }
  return layer(...owners.reverse().map((owner) => variablesOf(store, owner, scope)));
}

function variablesOf(store: Store, parent: Parent, scope: VariableScope): JobVariable[] {
  return store.variables
    .filter((row) => row.parent.kind === parent.kind && row.parent.id === parent.id)
    .filter((row) => !row.protected || scope.isProtected)
    .filter((row) => reaches(row, scope.environment))
    .sort((left, right) => precision(left) - precision(right))
    .map(toJobVariable);
}

function reaches({ environment_scope: pattern }: Variable, environment: string | null): boolean {
  return pattern === "*" || (environment !== null && coversName(pattern, environment));
}

/** The more of a scope is spelt out, the higher it stands; an exact name is the highest. */
function precision({ environment_scope: pattern }: Variable): number {
  const isExact = !pattern.includes("*");
  return isExact ? Number.POSITIVE_INFINITY : pattern.replaceAll("*", "").length;
}

function toJobVariable({ key, value, masked, raw, variable_type }: Variable): JobVariable {
  return toVariable(key, value, { public: false, masked, raw, file: variable_type === "file" });
}

/** Variables given to a pipeline or a job when it was started. */
export function givenVariables(given: readonly PipelineVariable[]): JobVariable[] {
  return given.map(({ key, value, variable_type, raw }) =>
    toVariable(key, value, { public: false, raw, file: variable_type === "file" }),
  );
}
