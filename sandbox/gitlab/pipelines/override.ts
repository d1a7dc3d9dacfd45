import { role, roleInProject } from "../access.ts";
import type { Project, User } from "../entities.ts";
import type { Store } from "../store.ts";

const minimum = { developer: role.developer, maintainer: role.maintainer, owner: role.owner };

/**
 * Whether a user may give a pipeline variables.
 *
 * @see https://docs.gitlab.com/ci/variables/#restrict-pipeline-variables
 */
export function maySetVariables(store: Store, user: User, project: Project): boolean {
  const asked = project.settings.ci_pipeline_variables_minimum_override_role;
  return asked !== "no_one_allowed" && roleInProject(store, user, project) >= minimum[asked];
}
