import { z } from "zod";
import { path } from "../../kit/path.ts";
import { prop } from "../../kit/property.ts";
import { declaredOnce } from "../choice.ts";
import { lookup } from "../declare.ts";

interface Row {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly state: string;
  readonly web_url?: string;
}

/** https://docs.gitlab.com/api/users/#list-users */
export const getUser = lookup({
  token: "gitlab:index/getUser:getUser",
  doc: "A user by number or by name.",
  example: `
export const userId = gitlab.getUserOutput({ username: "ada" }).userId;
`,
  inputs: {
    userId: prop(z.int().optional(), "The number. Give this or `username`."),
    username: prop(z.string().optional(), "What follows the `@`. Give this or `userId`."),
  },
  outputs: {
    id: prop(z.string(), "The number."),
    userId: prop(z.int(), "The same as a number."),
    username: prop(z.string(), "What follows the `@`."),
    name: prop(z.string(), "The full name."),
    state: prop(z.string(), "`active`, or why the user cannot sign in, such as `blocked`."),
  },

  async call({ userId, username }, api) {
    const choice = declaredOnce("getUser", { userId, username });
    const row =
      username === undefined
        ? await api.find<Row>(path`/users/${choice.value}`)
        : (await api.get<Row[]>("/users", { username })).at(0);
    if (!row) throw choice.notFound("user");
    return {
      id: `${row.id}`,
      userId: row.id,
      username: row.username,
      name: row.name,
      state: row.state,
    };
  },
});
