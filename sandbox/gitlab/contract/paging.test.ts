import { beforeAll, expect, test } from "vitest";
import { useServer } from "./server.ts";

const { ask, createGroup, createProject } = useServer();
let group: { id: number };

beforeAll(async () => {
  group = await createGroup();
  for (let count = 0; count < 3; count += 1) await createProject({ namespace_id: group.id });
});

const paging = (headers: Headers) =>
  Object.fromEntries(
    ["x-page", "x-per-page", "x-prev-page", "x-next-page", "x-total", "x-total-pages"].map(
      (name) => [name, headers.get(name)],
    ),
  );

test("A middle page names its neighbours and the totals", async () => {
  const { body, headers } = await ask("GET", `/groups/${group.id}/projects?per_page=1&page=2`);
  expect(body).toHaveLength(1);
  expect(paging(headers)).toEqual({
    "x-page": "2",
    "x-per-page": "1",
    "x-prev-page": "1",
    "x-next-page": "3",
    "x-total": "3",
    "x-total-pages": "3",
  });
  const relations = [...(headers.get("link") ?? "").matchAll(/rel="(\w+)"/g)].map(
    ([, relation]) => relation,
  );
  expect(relations).toEqual(["prev", "next", "first", "last"]);
});

test("The last page has no next one", async () => {
  const { headers } = await ask("GET", `/groups/${group.id}/projects?per_page=2&page=2`);
  expect(headers.get("x-next-page")).toBe("");
  expect(headers.get("link")).not.toContain('rel="next"');
});

test("More than 100 rows a page are cut to 100", async () => {
  const { headers } = await ask("GET", `/groups/${group.id}/projects?per_page=500`);
  expect(headers.get("x-per-page")).toBe("100");
});

test("Who asks for keyset paging follows Link to every project", async () => {
  let path: string | undefined =
    "/projects?pagination=keyset&order_by=id&sort=asc&per_page=2&owned=true";
  const seen: number[] = [];
  while (path) {
    const { body, headers }: Awaited<ReturnType<typeof ask>> = await ask("GET", path);
    seen.push(...body.map((row: { id: number }) => row.id));
    const next: string | undefined = /<([^>]+)>; rel="next"/.exec(headers.get("link") ?? "")?.[1];
    path = next?.split("/api/v4")[1];
  }
  expect(seen.length).toBeGreaterThanOrEqual(3);
  expect(seen).toEqual([...new Set(seen)].sort((left, right) => left - right));
});
