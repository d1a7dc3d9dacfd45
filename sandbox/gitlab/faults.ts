import { Socket } from "node:net";
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
  /**
   * An answer in place of the route's own, `hang` (never answers), `reset` (the connection is lost
   * before anything is done) or `drop` (the request is carried out, its answer lost).
   */
  reply: FaultReply | "hang" | "reset" | "drop";
}

/** Faults that tests put in the way of coming requests. */
export class Faults {
  readonly #dropped = new WeakSet<FastifyRequest>();
  #waiting: (Fault & { times: number })[] = [];

  /** Lets `fault` befall the next matching requests; several are used in the order given. */
  next(fault: Fault): void {
    this.#waiting.push({ ...fault, times: fault.times ?? 1 });
  }

  /** Forgets the faults not yet used up. */
  clear(): void {
    this.#waiting = [];
  }

  /** Carries out the fault that waits for this request; true when its route must not run. */
  befall(request: FastifyRequest, reply: FastifyReply): boolean {
    const fault = this.#waiting.find((waiting) => matches(waiting, request));
    if (!fault) return false;
    fault.times -= 1;
    this.#waiting = this.#waiting.filter((waiting) => waiting.times > 0);
    if (fault.reply === "drop") {
      this.#dropped.add(request);
      return false;
    }
    if (fault.reply === "hang") reply.hijack();
    else if (fault.reply === "reset") loseConnection(request, reply.hijack());
    else sendFault(reply, fault.reply);
    return true;
  }

  /** Loses the answer of a request carried out, when a fault said so; settles only otherwise. */
  async drop(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!this.#dropped.has(request)) return;
    loseConnection(request, reply);
    await new Promise(() => undefined);
  }
}

function matches({ method, path }: Fault, request: FastifyRequest): boolean {
  const [asked, route] = routeTemplate(request).split(" ");
  return (method ?? asked) === asked && (path ?? route) === route;
}

function sendFault(reply: FastifyReply, { status, headers = {}, body }: FaultReply): void {
  void reply.code(status).headers(headers).send(body);
}

function loseConnection(request: FastifyRequest, reply: FastifyReply): void {
  const { socket } = request.raw;
  const lost = Object.assign(new Error("connection lost"), { code: "ECONNRESET" });
  if (socket instanceof Socket) socket.resetAndDestroy();
  else reply.raw.destroy(lost);
}
