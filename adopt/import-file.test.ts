import { expect, test } from "vitest";
import type { Declared } from "./declared.ts";
import { listCreations, toImportFile } from "./import-file.ts";

const component = { type: "trunkline:ci:PackageProject", name: "ying" };
const project = { type: "gitlab:index/project:Project", name: "ying-project" };
const file = { type: "gitlab:index/repositoryFile:RepositoryFile", name: "ying-pipeline" };
const urnOf = (types: string, name: string) => `urn:pulumi:dev::trunkline::${types}::${name}`;

function declare(id: string | undefined): Declared[] {
  const inputs = {};
  return [
    { ...component, isComponent: true, version: "", parent: undefined, inputs, id: undefined },
    { ...project, isComponent: false, version: "10.1.0", parent: component, inputs, id },
    { ...file, isComponent: false, version: "10.1.0", parent: component, inputs, id: undefined },
  ];
}

test("what is there is imported below its component, the rest is told", () => {
  expect(toImportFile(declare("7"), [])).toEqual({
    nameTable: {},
    resources: [
      { type: component.type, name: "PackageProject ying", logicalName: "ying", component: true },
      {
        type: project.type,
        name: "Project ying-project",
        logicalName: "ying-project",
        id: "7",
        version: "10.1.0",
        parent: "PackageProject ying",
      },
    ],
  });
  expect(listCreations(declare("7"), [])).toEqual(["RepositoryFile ying-pipeline"]);
});

test("what the stack has already is not imported again, and may be a parent", () => {
  const urn = urnOf(component.type, "ying");
  expect(toImportFile(declare("7"), [urn])).toMatchObject({
    nameTable: { "PackageProject ying": urn },
    resources: [{ logicalName: "ying-project", parent: "PackageProject ying" }],
  });
  const whole = [urn, urnOf(`${component.type}$${project.type}`, "ying-project")];
  expect(toImportFile(declare("7"), whole).resources).toEqual([]);
});
