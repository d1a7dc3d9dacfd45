import { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { routeTemplate } from "./request-log.ts";

/** An answer given in place of the route's own. */
export interface FaultReply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

type Late = "drop" | "cut" | "hold";

export interface Fault {
  /** HTTP method; any when left out. */
  method?: string;
  /** Route as GitLab's docs write it, such as `/projects/:id`; any when left out. */
  path?: string;
  /** Further asked of each request, by its own path: `POST /projects/7/variables`. */
  when?(call: string): boolean;
  /** How many matching requests it befalls. Default 1. */
  times?: number;
  /**
   * An answer in place of the route's own, `hang` (never answers), `reset` (the connection is lost
   * before anything is done); or, of a request that is carried out, `drop` (its answer is lost), `cut`
   * (the answer breaks off in the middle) or `hold` (it never comes).
   */
  reply: FaultReply | "hang" | "reset" | Late;
}

/** Faults that tests put in the way of coming requests. */
export class Faults {
  readonly #late = new WeakMap<FastifyRequest, Late>();
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
    if (fault.reply === "drop" || fault.reply === "cut" || fault.reply === "hold") {
      this.#late.set(request, fault.reply);
      return false;
    }
    if (fault.reply === "hang") reply.hijack();
    else if (fault.reply === "reset") loseConnection(request, reply.hijack());
    else sendFault(reply, fault.reply);
    return true;
  }

  /** Meddles with the answer of a request carried out, when a fault said so; settles only otherwise. */
  async meddle(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
    const late = this.#late.get(request);
    if (late === undefined) return;
    if (late === "cut") breakOff(request, reply, String(payload ?? ""));
    else if (late === "drop") loseConnection(request, reply);
    await new Promise(() => undefined);
  }
}

function matches({ method, path, when }: Fault, request: FastifyRequest): boolean {
  const [asked, route] = routeTemplate(request).split(" ");
  if ((method ?? asked) !== asked || (path ?? route) !== route) return false;
  const [own = ""] = request.url.replace(/^\/api\/v4/, "").split("?", 1);
  return when?.(`${request.method} ${own}`) ?? true;
}

function sendFault(reply: FastifyReply, { status, headers = {}, body }: FaultReply): void {
  void reply.code(status).headers(headers).send(body);
}

/** The whole length is promised, half of it sent. */
function breakOff(request: FastifyRequest, reply: FastifyReply, body: string): void {
  const half = body.slice(0, body.length / 2);
  const length = Math.max(Buffer.byteLength(body), 1);
  reply.raw.writeHead(reply.statusCode, {
    "content-type": "application/json",
    "content-length": length,
  });
  reply.raw.write(half, () => loseConnection(request, reply));
  if (half === "") loseConnection(request, reply);
}

function loseConnection(request: FastifyRequest, reply: FastifyReply): void {
  const { socket } = request.raw;
  const lost = Object.assign(new Error("connection lost"), { code: "ECONNRESET" });
  if (socket instanceof Socket) socket.resetAndDestroy();
  else reply.raw.destroy(lost);
}
