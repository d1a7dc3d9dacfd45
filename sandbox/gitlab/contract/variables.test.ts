import { beforeAll, describe, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject } = useServer();

describe.each(["projects", "groups"])("%s", (family) => {
  let path: string;

  beforeAll(async () => {
    const { id } = family === "projects" ? await createProject() : await createGroup();
    path = `/${family}/${id}/variables`;
  });

  test("A new variable is 201 with every field", async () => {
    const { status, body } = await ask("POST", path, { key: "PLAIN", value: "a b" });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      variable_type: "env_var",
      key: "PLAIN",
      value: "a b",
      hidden: false,
      protected: false,
      masked: false,
      raw: false,
      environment_scope: "*",
      description: null,
    });
  });

  test("A second variable of that key and scope is refused", async () => {
    await ask("POST", path, { key: "TWICE", value: "1" });
    const { status, body } = await ask("POST", path, { key: "TWICE", value: "2" });
    expect([status, body]).toEqual([400, { message: { key: ["(TWICE) has already been taken"] } }]);
  });

  test("A key of other characters is refused", async () => {
    const { body } = await ask("POST", path, { key: "NO-DASH", value: "1" });
    expect(body).toEqual({ message: { key: ["can contain only letters, digits and '_'."] } });
  });

  test("A masked value that cannot be masked is refused", async () => {
    const { status, body } = await ask("POST", path, { key: "SHORT", value: "abc", masked: true });
    expect([status, body]).toEqual([400, { message: { value: ["is invalid"] } }]);
  });

  test("A raw masked value may hold what a plain one may not", async () => {
    const fields = { value: "$ecret!{}", masked: true };
    expect((await ask("POST", path, { key: "CURLY", ...fields })).status).toBe(400);
    expect((await ask("POST", path, { key: "CURLY", raw: true, ...fields })).status).toBe(201);
  });

  test("A hidden value is never told and stays hidden", async () => {
    const fields = { key: "HIDDEN", value: "12345678", masked_and_hidden: true };
    expect((await ask("POST", path, fields)).status).toBe(201);
    const read = await ask("GET", `${path}/HIDDEN`);
    expect(read.body).toMatchObject({ value: null, hidden: true, masked: true });
    const shown = await ask("PUT", `${path}/HIDDEN`, { value: "12345678", masked: false });
    expect([shown.status, shown.body.message.base]).toEqual([
      400,
      ["Updating masked attribute is not allowed on updates for hidden variables."],
    ]);
  });

  test("An update changes only what it names", async () => {
    await ask("POST", path, { key: "KEPT", value: "1", protected: true });
    const { status, body } = await ask("PUT", `${path}/KEPT`, { value: "2" });
    expect(status).toBe(200);
    expect(body).toMatchObject({ value: "2", protected: true });
  });

  test("A deleted variable is 404 afterwards", async () => {
    await ask("POST", path, { key: "GONE", value: "1" });
    const gone = await ask("DELETE", `${path}/GONE`);
    expect([gone.status, gone.body]).toEqual([204, null]);
    const read = await ask("GET", `${path}/GONE`);
    expect([read.status, read.body]).toEqual([404, { message: "404 Variable Not Found" }]);
  });
});

test("Scopes part project variables of one key, and a call must then name one", async () => {
  const { id } = await createProject();
  const path = `/projects/${id}/variables`;
  await ask("POST", path, { key: "URL", value: "all" });
  await ask("POST", path, { key: "URL", value: "live", environment_scope: "production" });
  const unclear = await ask("GET", `${path}/URL`);
  expect([unclear.status, unclear.body]).toEqual([
    409,
    {
      message:
        "There are multiple variables with provided parameters. Please use 'filter[environment_scope]'",
    },
  ]);
  const live = await ask("GET", `${path}/URL?filter[environment_scope]=production`);
  expect(live.body.value).toBe("live");
  const both = await ask("GET", path);
  expect(both.body.map((row: { value: string }) => row.value)).toEqual(["all", "live"]);
});
