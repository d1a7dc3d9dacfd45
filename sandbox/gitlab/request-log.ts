import type { FastifyRequest } from "fastify";

/** `POST /projects/:id/variables`: method and route as GitLab's docs write them. */
export function routeTemplate(request: FastifyRequest): string {
  const template = request.routeOptions.url ?? new URL(request.url, "http://localhost").pathname;
  return `${request.method} ${template.replace(/^\/api\/v4/, "")}`;
}

/** Counts the requests a sandbox was sent, by route; faults count as well. */
export class RequestLog {
  readonly #counts = new Map<string, number>();

  add(request: FastifyRequest): void {
    const template = routeTemplate(request);
    this.#counts.set(template, this.count(template) + 1);
  }

  /** Requests of one route, such as `GET /projects/:id`. */
  count(template: string): number {
    return this.#counts.get(template) ?? 0;
  }

  /** All requests. */
  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Every route asked for, with its count. */
  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  reset(): void {
    this.#counts.clear();
  }
}
