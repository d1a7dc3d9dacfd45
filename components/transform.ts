import { type CustomResourceOptions, getProject, getStack } from "@pulumi/pulumi";

/**
 * How a program changes a child of a component: arguments that replace the component's own, or a
 * function that changes arguments and options in place, or returns other arguments. It is told the
 * child's logical name, which it cannot change: another name is another object.
 *
 * ```ts
 * const tagged: Transform<gitlab.ProjectArgs> = { topics: ["apt"] };
 * const kept: Transform<gitlab.ProjectArgs> = (args, opts) => {
 *   args.description = "Kept by hand";
 *   opts.ignoreChanges = ["topics"];
 * };
 * ```
 */
export type Transform<Args> =
  | Partial<Args>
  // biome-ignore lint/suspicious/noConfusingVoidType: a function without return is one of these
  | ((args: Args, opts: CustomResourceOptions, name: string) => Args | void);

type ResourceClass<Args, Child> = new (
  name: string,
  args: NoInfer<Args>,
  opts: CustomResourceOptions,
) => Child;

/**
 * What creates a child of a class, called as the class itself; the transform comes in between.
 * @param mark The argument that says whose the child is, where nothing else is said there.
 */
export function createChild<Args extends object, Child>(
  type: ResourceClass<Args, Child>,
  transform: Transform<Args> | undefined,
  mark?: keyof Args & string,
): (name: string, args: Args, opts: CustomResourceOptions) => Child {
  return (name, args, opts) => {
    // Options may be those of several children. An import without a parent is found by the alias.
    const own = { ...opts, aliases: [...(opts.aliases ?? []), { parent: undefined }] };
    const changed =
      typeof transform === "function"
        ? (transform(args, own, name) ?? args)
        : { ...args, ...transform };
    if (mark === undefined || changed[mark] !== undefined) return new type(name, changed, own);
    // What was there before, or comes from an earlier program, keeps its own text.
    own.ignoreChanges = [...(own.ignoreChanges ?? []), mark];
    return new type(name, { ...changed, [mark]: markOf(name) }, own);
  };
}

/**
 * GitLab takes 255 characters where it is a variable's description. By this text an update that comes after one that was cut off tells what that one made from what
 * another stack has.
 */
function markOf(name: string): string {
  return `Kept by Pulumi as ${name} of ${getProject()}/${getStack()}`.slice(0, 255);
}
