import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * How GitLab answers: its error bodies, statuses, paging headers and links. No other file spells
 * them. Texts: https://docs.gitlab.com/api/rest/troubleshooting/ and the pages of each resource.
 */

/** An answer that ends the request: thrown by a route, sent as it is. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const withMessage = (status: number, message: unknown) => new Refusal(status, { message });
const withError = (status: number, error: unknown) => new Refusal(status, { error });

/** Every way GitLab says no, by what went wrong. Use as `throw refusal.notFound("Project")`. */
export const refusal = {
  unauthorized: () => withMessage(401, "401 Unauthorized"),
  tokenExpired: () =>
    invalidToken("Token is expired. You can either do re-authorization or token refresh."),
  tokenRevoked: () => invalidToken("Token was revoked. You have to re-authorize from the user."),
  insufficientScope: (scopes: string[]) =>
    new Refusal(403, {
      error: "insufficient_scope",
      error_description:
        "The request requires higher privileges than provided by the access token.",
      scope: scopes.join(" "),
    }),
  forbidden: (reason?: string) =>
    withMessage(403, reason ? `403 Forbidden - ${reason}` : "403 Forbidden"),
  /** A parent, or any row looked up by its noun: `404 Project Not Found`. */
  notFound: (noun: string) => withMessage(404, `404 ${noun} Not Found`),
  /** A child row whose lookup raised: `404 Not found`, without a noun. */
  rowNotFound: () => withMessage(404, "404 Not found"),
  moved: (location: string) => new Refusal(301, { message: "301 Moved Permanently" }, { location }),
  movedForWriting: () => withMessage(405, "Non GET methods are not allowed for moved projects"),
  /** Parameters that are missing or wrong: texts such as `name is missing`. */
  parameters: (faults: string[]) => withError(400, faults.join(", ")),
  /** A change that names nothing to change. */
  nothingGiven: (names: string[]) =>
    withError(400, `${names.join(", ")} are missing, at least one parameter must be provided`),
  badRequest: (reason: string) => withMessage(400, `400 Bad request - ${reason}`),
  /** A model's own validation, by field. */
  invalid: (fields: Record<string, string[]>) => withMessage(400, fields),
  /** A plain sentence as message. */
  sentence: (status: number, text: string) => withMessage(status, text),
  conflict: (text: string) => withMessage(409, text),
  /** Protected branches and tags answer 422 with a list of sentences. */
  unprocessable: (sentences: string[]) => withMessage(422, sentences),
  /** Hooks answer 422 with `error`. */
  unprocessableHook: (text: string) => withError(422, text),
  /** Runners are told what became of the job, so that they stop it. */
  jobNotRunning: (status: string) =>
    new Refusal(403, { message: "403 Forbidden - Job is not running" }, { "job-status": status }),
  contentRangeMissing: () => withError(400, "400 Missing header Content-Range"),
  /** A piece of trace that begins after the `size` bytes there are. */
  rangeNotSatisfiable: (size: number) =>
    new Refusal(416, { error: "416 Range Not Satisfiable" }, { range: `0-${size}` }),
  tooLarge: () => withMessage(413, "413 Request Entity Too Large"),
  /** The sandbox's own: stricter than GitLab, so that no client mistakes a gap for "gone". */
  unknownField: (route: string, field: string) =>
    withError(400, `sandbox: ${route} does not know the field "${field}"`),
  notImplemented: (method: string, url: string) =>
    withError(501, `sandbox: ${method} ${url} is not implemented`),
  crashed: () => withMessage(500, "500 Internal Server Error"),
};

function invalidToken(description: string): Refusal {
  return new Refusal(401, { error: "invalid_token", error_description: description });
}

/** Refuses a row whose model found faults; fields without faults must be absent. */
export function refuseFaults(faults: Record<string, string[]>): void {
  if (Object.keys(faults).length > 0) throw refusal.invalid(faults);
}

/** Sends a refusal. */
export function sendRefusal(reply: FastifyReply, refused: Refusal): FastifyReply {
  return reply.code(refused.status).headers(refused.headers).send(refused.body);
}

/** 201 with the new row. */
export function created<T>(reply: FastifyReply, body: T): T {
  reply.code(201);
  return body;
}

/** 202; without a body GitLab says `202 Accepted`. */
export function accepted(
  reply: FastifyReply,
  body: unknown = { message: "202 Accepted" },
): unknown {
  reply.code(202);
  return body;
}

/** 204 without a body. */
export function noContent(reply: FastifyReply): FastifyReply {
  return reply.code(204).send();
}

/** Scheme, host and port by which the caller reached the sandbox, as in `http://127.0.0.1:8929`. */
export function origin(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/** What a list call was asked for. */
export interface Paging {
  page: number;
  per_page: number;
}

/** One page of `rows`, with the offset paging headers set on `reply`. */
export function pageOf<R>(reply: FastifyReply, rows: R[], { page, per_page }: Paging): R[] {
  const pages = Math.max(1, Math.ceil(rows.length / per_page));
  const previous = page > 1 ? page - 1 : undefined;
  const next = page < pages ? page + 1 : undefined;
  reply.headers({
    "x-page": `${page}`,
    "x-per-page": `${per_page}`,
    "x-prev-page": `${previous ?? ""}`,
    "x-next-page": `${next ?? ""}`,
    "x-total": `${rows.length}`,
    "x-total-pages": `${pages}`,
    link: toLink(reply.request, { prev: previous, next, first: 1, last: pages }),
  });
  return rows.slice((page - 1) * per_page, page * per_page);
}

function toLink(request: FastifyRequest, targets: Record<string, number | undefined>): string {
  const links: string[] = [];
  for (const [relation, value] of Object.entries(targets)) {
    if (value === undefined) continue;
    const url = new URL(request.url, origin(request));
    url.searchParams.delete("private_token");
    url.searchParams.set("page", `${value}`);
    links.push(`<${url}>; rel="${relation}"`);
  }
  return links.join(", ");
}
