import { expect, test } from "vitest";
import { unique, useServer } from "./server.ts";

const { ask, createGroup, createProject } = useServer();

test("A new group is 201 with its path and GitLab's defaults", async () => {
  const path = unique("made");
  const { status, body } = await ask("POST", "/groups", { name: path, path });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    full_path: path,
    parent_id: null,
    lfs_enabled: true,
    request_access_enabled: true,
    visibility: "private",
    marked_for_deletion_on: null,
  });
  await ask("DELETE", `/groups/${body.id}`);
});

test("A taken path is a sentence that holds a Ruby hash", async () => {
  const { full_path } = await createGroup();
  const { status, body } = await ask("POST", "/groups", { name: full_path, path: full_path });
  expect(status).toBe(400);
  expect(body.message).toMatch(
    /^Failed to save group \{(:path=>|path: )\["has already been taken"\]\}$/,
  );
});

test("A missing name and path are both named", async () => {
  const { status, body } = await ask("POST", "/groups", {});
  expect([status, body]).toEqual([400, { error: "name is missing, path is missing" }]);
});

test("A subgroup is found by its encoded full path", async () => {
  const parent = await createGroup();
  const child = await createGroup({ parent_id: parent.id });
  const found = await ask("GET", `/groups/${encodeURIComponent(child.full_path)}`);
  expect(found.body).toMatchObject({ id: child.id, parent_id: parent.id });
});

test("A group nobody has is 404 Group Not Found", async () => {
  const { status, body } = await ask("GET", "/groups/no%2Fwhere?with_projects=false");
  expect([status, body]).toEqual([404, { message: "404 Group Not Found" }]);
});

test("An update changes only what it names", async () => {
  const group = await createGroup({ description: "before" });
  const { status, body } = await ask("PUT", `/groups/${group.id}`, { lfs_enabled: false });
  expect(status).toBe(200);
  expect(body).toMatchObject({ description: "before", lfs_enabled: false });
});

test("A transfer moves a group below another and back to the top", async () => {
  const [parent, child] = [await createGroup(), await createGroup()];
  const moved = await ask("POST", `/groups/${child.id}/transfer`, { group_id: parent.id });
  expect([moved.status, moved.body.parent_id]).toEqual([201, parent.id]);
  const back = await ask("POST", `/groups/${child.id}/transfer`, {});
  expect(back.body.parent_id).toBeNull();
});

test("Archiving is 201", async () => {
  const { id } = await createGroup();
  const { status, body } = await ask("POST", `/groups/${id}/archive`);
  expect([status, body.archived]).toEqual([201, true]);
});

test("The first DELETE marks and renames, the second is refused", async () => {
  const { id, full_path } = await createGroup();
  const first = await ask("DELETE", `/groups/${id}`);
  expect([first.status, first.body]).toEqual([202, { message: "202 Accepted" }]);
  const marked = await ask("GET", `/groups/${id}`);
  expect(marked.body.full_path).toBe(`${full_path}-deletion_scheduled-${id}`);
  expect(marked.body.marked_for_deletion_on).toMatch(/^\d{4}-\d\d-\d\d$/);
  const second = await ask("DELETE", `/groups/${id}`);
  expect([second.status, second.body]).toEqual([
    400,
    { message: "Group has been already marked for deletion" },
  ]);
});

test("Only a marked subgroup named by its full path is removed at once", async () => {
  const parent = await createGroup();
  const { id, full_path } = await createGroup({ parent_id: parent.id });
  const remove = (group: number, path: string) =>
    ask("DELETE", `/groups/${group}?permanently_remove=true&full_path=${encodeURIComponent(path)}`);
  expect((await remove(id, full_path)).body.message).toBe(
    "Group must be marked for deletion first.",
  );
  expect((await remove(parent.id, parent.full_path)).body.message).toBe(
    "`permanently_remove` option is only available for subgroups.",
  );
  await ask("DELETE", `/groups/${id}`);
  expect((await remove(id, full_path)).body.message).toBe(
    "`full_path` is incorrect. You must enter the complete path for the subgroup.",
  );
  expect((await remove(id, `${full_path}-deletion_scheduled-${id}`)).status).toBe(202);
  await expect.poll(async () => (await ask("GET", `/groups/${id}`)).status).toBe(404);
});

test("Subgroups are listed, but not those below them", async () => {
  const parent = await createGroup();
  const child = await createGroup({ parent_id: parent.id });
  await createGroup({ parent_id: child.id });
  const { status, body } = await ask("GET", `/groups/${parent.id}/subgroups`);
  expect([status, body.map((row: { id: number }) => row.id)]).toEqual([200, [child.id]]);
});

test("Projects of subgroups are listed on request only", async () => {
  const parent = await createGroup();
  const child = await createGroup({ parent_id: parent.id });
  const project = await createProject({ namespace_id: child.id });
  expect((await ask("GET", `/groups/${parent.id}/projects`)).body).toEqual([]);
  const deep = await ask("GET", `/groups/${parent.id}/projects?include_subgroups=true`);
  expect(deep.body.map((row: { id: number }) => row.id)).toEqual([project.id]);
});
