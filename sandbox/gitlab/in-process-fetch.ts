import type { FastifyInstance, InjectOptions } from "fastify";

const bodyless = [204, 205, 304];

/**
 * A `fetch` that hands requests to `app` without a socket and follows its 301. A lost connection rejects as undici's
 * fetch does: a TypeError whose cause has the code `ECONNRESET`.
 */
export function createFetch(app: FastifyInstance): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer());
    const url = new URL(request.url);
    const sent = app.inject({
      method: request.method as InjectOptions["method"],
      url: url.pathname + url.search,
      headers: { host: url.host, ...Object.fromEntries(request.headers) },
      ...(body.length > 0 && { payload: body }),
    });
    const answer = await Promise.race([sent.catch(rejectLost), aborted(request.signal)]);
    const location = answer.headers.location;
    if (answer.statusCode === 301 && location && request.redirect === "follow")
      return createFetch(app)(`${location}`, { headers: request.headers });
    return new Response(bodyless.includes(answer.statusCode) ? null : answer.rawPayload, {
      status: answer.statusCode,
      headers: toHeaders(answer.headers),
    });
  };
}

function rejectLost(cause: unknown): never {
  throw new TypeError("fetch failed", { cause });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function toHeaders(given: Record<string, number | string | string[] | undefined>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, `${one}`);
  return headers;
}
