/** What the user can do something about: told in a sentence, without a trace. */
export class AdoptError extends Error {}
