/** Jobs of this stage build packages and hand them over. */
export const compileStage = "compile";

/** Jobs of this stage test packages as they will be uploaded. */
export const testStage = "test";

/** Jobs of this stage publish, and the rules of publishing hold for them. */
export const uploadStage = "upload";

/** The stages of a package's own jobs and trunkline's, in the file's order. */
export function planStages(own: readonly string[] | undefined, isTested: boolean): string[] {
  return own ? [...own] : [compileStage, ...(isTested ? [testStage] : []), uploadStage];
}
