/**
 * What names and paths GitLab takes.
 * https://docs.gitlab.com/user/reserved_names/
 */

const letter = String.raw`\p{L}\p{M}\p{N}\p{Extended_Pictographic}\u200d\ufe0f_`;
const projectName = new RegExp(`^[${letter}][${letter}.+ -]*$`, "u");
const groupName = new RegExp(`^[${letter}][${letter}.() -]*$`, "u");
const projectSlug = /^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$/;
const groupSlug = /^(?!-)[A-Za-z0-9_.-]+$/;

const reservedForProjects = new Set(
  "- badges blame blob builds commits create create_dir edit files find_file new preview raw refs tree update wikis".split(
    " ",
  ),
);
const reservedAtTop = new Set(
  "- .well-known api admin assets dashboard explore groups help import jwt oauth profile projects public search s u users uploads v2".split(
    " ",
  ),
);

const taken = "has already been taken";

/** Texts GitLab gives for a field that breaks a rule. */
export const fault = {
  taken,
  tooLong: "is too long (maximum is 255 characters)",
  blank: "can't be blank",
  projectName:
    "can contain only letters, digits, emoji, '_', '.', '+', dashes, or spaces. It must start with a letter, digit, emoji, or '_'.",
  projectPath:
    "can only include non-accented letters, digits, '_', '-' and '.'. It must not start with '-', '_', or '.', nor end with '-', '_', '.', '.git', or '.atom'.",
  groupName:
    "can contain only letters, digits, emoji, '_', '.', dash, space, parenthesis. It must start with letter, digit, emoji or '_'.",
  groupPath:
    "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-' or end in '.', '.git' or '.atom'.",
  reserved: (path: string) => `${path} is a reserved name`,
};

/** Faults by field; a field without faults is absent. */
export type FieldFaults = Record<string, string[]>;

/** Faults of a project's name and path, uniqueness apart. */
export function checkProjectNames(name: string, path: string): FieldFaults {
  return faultsOf({
    name: [
      ...(name.length > 255 ? [fault.tooLong] : []),
      ...(projectName.test(name) ? [] : [fault.projectName]),
    ],
    path: checkPath(path, projectSlug, fault.projectPath, reservedForProjects),
  });
}

/** Faults of a group's name and path, uniqueness apart. */
export function checkGroupNames(name: string, path: string, isTop: boolean): FieldFaults {
  const reserved = isTop ? reservedAtTop : reservedForProjects;
  const endsWell = !path.endsWith(".");
  return faultsOf({
    name: [
      ...(name.length > 255 ? [fault.tooLong] : []),
      ...(groupName.test(name) ? [] : [fault.groupName]),
    ],
    path: endsWell ? checkPath(path, groupSlug, fault.groupPath, reserved) : [fault.groupPath],
  });
}

/** The path GitLab makes of a project's name when none is given. */
export function toPath(name: string): string {
  if (projectSlug.test(name)) return name;
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "");
  return plain
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
}

/** Only the fields that have faults. */
export function faultsOf(fields: FieldFaults): FieldFaults {
  return Object.fromEntries(Object.entries(fields).filter(([, faults]) => faults.length > 0));
}

function checkPath(path: string, slug: RegExp, text: string, reserved: Set<string>): string[] {
  if (path.length > 255) return [fault.tooLong];
  if (!slug.test(path) || /\.(git|atom)$/.test(path)) return [text];
  return reserved.has(path.toLowerCase()) ? [fault.reserved(path)] : [];
}
