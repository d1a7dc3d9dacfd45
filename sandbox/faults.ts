import type { FastifyReply, FastifyRequest } from "fastify";
import { routeTemplate } from "./request-log.ts";

/** An answer given in place of the route's own. */
export interface FaultReply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface Fault {
  /** HTTP method; any when left out. */
  method?: string;
  /** Route as GitLab's docs write it, such as `/projects/:id`; any when left out. */
  path?: string;
  /** How many matching requests it befalls. Default 1. */
  times?: number;
  /** An answer, `hang` (never answers) or `reset` (the connection is lost). */
  reply: FaultReply | "hang" | "reset";
}

/** Faults that tests put in the way of coming requests. */
export class Faults {
  #waiting: (Fault & { times: number })[] = [];

  /** Lets `fault` befall the next matching requests; several are used in the order given. */
  next(fault: Fault): void {
    this.#waiting.push({ ...fault, times: fault.times ?? 1 });
  }

  /** Forgets the faults not yet used up. */
  clear(): void {
    this.#waiting = [];
  }

  /** Carries out the fault that waits for this request; true when there was one. */
  befall(request: FastifyRequest, reply: FastifyReply): boolean {
    const fault = this.#waiting.find((waiting) => matches(waiting, request));
    if (!fault) return false;
    fault.times -= 1;
    this.#waiting = this.#waiting.filter((waiting) => waiting.times > 0);
    if (fault.reply === "hang") reply.hijack();
    else if (fault.reply === "reset") loseConnection(request, reply);
    else
      void reply
        .code(fault.reply.status)
        .headers(fault.reply.headers ?? {})
        .send(fault.reply.body);
    return true;
  }
}

function matches(fault: Fault, request: FastifyRequest): boolean {
  const template = `${fault.method ?? request.method} ${fault.path ?? ""}`;
  return (
    routeTemplate(request).startsWith(template) &&
    (!fault.path || routeTemplate(request) === template)
  );
}

function loseConnection(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const lost = Object.assign(new Error("connection lost on request of a test"), {
    code: "ECONNRESET",
  });
  if (typeof request.raw.socket.resetAndDestroy === "function")
    request.raw.socket.resetAndDestroy();
  else reply.raw.destroy(lost);
}
