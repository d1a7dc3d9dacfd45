/**
 * The whole `pulumi import` of an object as the resource of a URN. It asks for no code, since the
 * resource is declared and older language hosts cannot write any.
 *
 * A URN has the types of the components above a resource but not the parent's name. trunkline's own
 * components find what was imported without a parent; another program's parent has to be named.
 */
export function importCommand(urn: string, id: string): string {
  const [head = "", project = "", chain = "", ...rest] = urn.split("::");
  const stack = head.slice(head.lastIndexOf(":") + 1);
  const types = chain.split("$");
  const [type = "", above] = [types.pop(), types.at(-1)];
  const isForeign = above !== undefined && !above.startsWith("trunkline:");
  const parent = `${head}::${project}::${types.join("$")}::NAME_OF_THE_PARENT`;
  return [
    "pulumi import",
    ...[type, rest.join("::"), id].map(quoted),
    ...(isForeign ? ["--parent", quoted(`parent=${parent}`)] : []),
    ...["--stack", quoted(stack), "--generate-code=false", "--yes"],
  ].join(" ");
}

/** As a POSIX shell takes it as one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
