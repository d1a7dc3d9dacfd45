import { ComponentResource, type ComponentResourceOptions, ResourceError } from "@pulumi/pulumi";
import { ConfigError } from "../validation/config-error.ts";

/**
 * What trunkline's components share: a mistake of the user's is shown at the component, without a stack
 * trace. Arguments are not handed to the engine: a preview shows what they do to the children instead.
 */
export abstract class Component extends ComponentResource {
  readonly #subject: string;

  constructor(type: string, name: string, opts?: ComponentResourceOptions) {
    super(type, name, {}, opts);
    this.#subject = `${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
  }

  /**
   * Runs a rule that fills in defaults and reports every fault before any child is created. The rule
   * gets `Runner "infra"` or the like for its errors.
   */
  protected plan<Args, Plan>(rule: (args: Args, subject: string) => Plan, args: Args): Plan {
    try {
      return rule(args, this.#subject);
    } catch (error) {
      if (error instanceof ConfigError) throw new ResourceError(error.message, this, true);
      throw error;
    }
  }
}

/**
 * The options of a component that protects, of all that it is made of, what holds data. Children take
 * over their component's protection, and what is protected can neither be replaced nor removed.
 */
export function withoutProtection(opts?: ComponentResourceOptions): ComponentResourceOptions {
  return { ...opts, protect: false };
}
