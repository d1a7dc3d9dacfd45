import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Aptly } from "../../../plugins/aptly/client.ts";
import { aptly as plugin } from "../../../plugins/aptly/plugin.ts";
import { type AptlyScene, startAptly } from "../../support/aptly-scene.ts";
import { describeEveryAptly } from "../../support/every-aptly.ts";
import { MiniEngine } from "../../support/mini-engine.ts";

const repository = "aptly:index/localRepository:LocalRepository";
const publication = "aptly:index/publication:Publication";

describeEveryAptly("aptly's client", (binary) => {
  let aptly: AptlyScene;
  beforeAll(async () => {
    aptly = await startAptly(binary);
    await aptly.raw("POST", "/repos", { Name: "infra" });
  });
  afterEach(() => {
    aptly.front.meddle = undefined;
    aptly.front.requests.length = 0;
  });
  afterAll(async () => {
    await aptly?.stop();
  });

  /** aptly 1.5 writes an empty list as null. */
  const tasks = async () => (await aptly.raw<object[] | null>("GET", "/tasks")) ?? [];

  const publish = (distribution: string) =>
    aptly.engine.create(publication, distribution, {
      prefix: "trunk",
      distribution,
      sources: [{ name: "infra", component: "main" }],
      architectures: ["amd64"],
    });

  describe("sees a change through", () => {
    it("asks the publication itself when a restart forgot the task", async () => {
      aptly.front.meddle = async (call) => {
        if (!call.startsWith("GET /tasks/")) return undefined;
        aptly.front.meddle = undefined;
        await aptly.raw("GET", "/tasks-wait");
        await aptly.restart();
        return undefined;
      };
      const stored = await publish("forgotten");
      expect(stored.id).toBe("trunk/forgotten");
      expect(await tasks()).toEqual([]);
    });

    it("says so when a restart came before the end", async () => {
      aptly.front.meddle = async (call) => {
        if (!call.startsWith("GET /tasks/")) return undefined;
        await aptly.raw("GET", "/tasks-wait");
        await aptly.raw("DELETE", "/publish/trunk/lost");
        await aptly.raw("POST", "/tasks-clear");
        return undefined;
      };
      await expect(publish("lost")).rejects.toThrow(
        /POST \/publish\/trunk got no answer: aptly restarted and forgot task \d+\. Run pulumi up again\./,
      );
    });

    it("asks the publication itself when the answer was lost", async () => {
      aptly.front.loseAnswerTo = "POST /publish/trunk";
      expect((await publish("unanswered")).id).toBe("trunk/unanswered");
    });

    it("leaves no task behind", async () => {
      await aptly.raw("POST", "/tasks-clear");
      await publish("tidy");
      aptly.front.meddle = async (call) => (call.startsWith("DELETE /tasks/") ? "drop" : undefined);
      expect((await publish("untold")).id).toBe("trunk/untold");
      expect(await tasks()).toEqual([]);
    });

    it("does not repeat what aptly refused with 500, since that stays", async () => {
      const stored = await publish("refused");
      const wanted = { ...stored.inputs, skipContents: false };
      aptly.front.requests.length = 0;
      aptly.front.meddle = async (call) =>
        call.startsWith("PUT ") ? { status: 500, body: { error: "no signer" } } : undefined;
      await expect(aptly.engine.update(stored, wanted)).rejects.toThrow("answered 500: no signer.");
      expect(aptly.front.requests.filter((call) => call.startsWith("PUT "))).toHaveLength(1);
    });

    it("sends again what met a lock of another task", async () => {
      let locks = 2;
      aptly.front.meddle = async (call) => {
        if (call !== "POST /publish/trunk" || locks === 0) return undefined;
        locks -= 1;
        const error = "Needed resources are used by other tasks.";
        return { status: 409, body: { error } };
      };
      expect((await publish("locked")).id).toBe("trunk/locked");
      expect(aptly.front.requests.filter((call) => call === "POST /publish/trunk")).toHaveLength(3);
    });
  });

  describe("tells a fault in one sentence", () => {
    const create = async (changes: object) => {
      const engine = await MiniEngine.start(plugin, { ...aptly.configuration, ...changes });
      return engine.create(repository, "faulty", { name: "faulty" });
    };

    it("of a wrong password, without showing it", async () => {
      const fault = await create({ password: "wrong-password" }).catch(String);
      expect(fault).toBe(
        'Error: LocalRepository "faulty": aptly: GET /version answered 401: Unauthorized. Check aptly:username and aptly:password, or APTLY_USERNAME and APTLY_PASSWORD.',
      );
    });

    it("of a server that is not there", async () => {
      const fault = await create({ url: await closedUrl(), retries: 0 }).catch(String);
      expect(fault).toBe(
        'Error: LocalRepository "faulty": aptly: GET /version got no answer: ECONNREFUSED. Check that aptly\'s API runs and that aptly:url, or APTLY_URL, is its address ending in /api.',
      );
    });

    it("of a proxy without aptly behind it", async () => {
      aptly.front.meddle = async () => ({ status: 502 });
      await expect(create({ retries: 0 })).rejects.toThrow(
        "GET /version answered 502: Bad Gateway. The proxy in front of aptly has no aptly behind it",
      );
    });
  });

  it("asks for the version once", async () => {
    const client = new Aptly({ ...aptly.front.configuration });
    expect(await Promise.all([client.version(), client.version()])).toEqual([
      binary.version,
      binary.version,
    ]);
    expect(aptly.front.requests).toEqual(["GET /version"]);
  });
});

/** The address of an API that stopped. */
async function closedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/api`;
}
