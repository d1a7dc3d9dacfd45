import { type CustomResourceOptions, getProject, getStack } from "@pulumi/pulumi";
import { markStart } from "../pipeline/names.ts";

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
 * What creates a child of a class, called as the class itself; the transform comes in between. `initial`,
 * given the child's name, is what a new object gets where its arguments leave something out: one that is
 * there keeps its own.
 */
export function createChild<Args extends object, Child>(
  type: ResourceClass<Args, Child>,
  transform: Transform<Args> | undefined,
  initial: (name: string) => Partial<Args> = () => ({}),
): (name: string, args: Args, opts: CustomResourceOptions) => Child {
  return (name, args, opts) => {
    // Options may be those of several children. An import without a parent is found by the alias.
    const own = { ...opts, aliases: [...(opts.aliases ?? []), { parent: undefined }] };
    const wanted =
      typeof transform === "function"
        ? (transform(args, own, name) ?? args)
        : { ...args, ...transform };
    const open = Object.entries(initial(name)).filter(([key]) => !isSet(wanted, key));
    if (open.length === 0) return new type(name, wanted, own);
    const ignoreChanges = [...(own.ignoreChanges ?? []), ...open.map(([key]) => key)];
    return new type(name, { ...wanted, ...Object.fromEntries(open) }, { ...own, ignoreChanges });
  };
}

function isSet(args: object, key: string): boolean {
  return Reflect.get(args, key) !== undefined;
}

/**
 * A text by which an update that comes after one that was cut off tells what that one made from what
 * another stack has. GitLab takes 255 characters where it is a variable's description.
 */
export function markOf(name: string): string {
  return `${markStart}${name} of ${getProject()}/${getStack()}`.slice(0, 255);
}
