import {
  isSecret,
  type Output,
  output,
  type ResourceTransformationArgs,
  secret,
} from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { named, type Recorded, record } from "../test/support/recorder.ts";
import { AptlyServer, type AptlyServerArgs } from "./aptly-server.ts";

const args: AptlyServerArgs = {
  image: `registry.example.com/aptly:trixie@sha256:${"0".repeat(64)}`,
  username: "ci",
  password: secret("long enough"),
};
const outputs = ({ type, name }: Recorded) =>
  type === "docker:index/volume:Volume" ? { name: `${name}-volume` } : { imageId: "sha256:1" };

function server(more: Partial<AptlyServerArgs> = {}) {
  return record(() => void new AptlyServer("aptly", { ...args, ...more }), outputs);
}

interface Upload {
  readonly file: string;
  readonly content: string;
  readonly permissions?: string;
}

const uploadsOf = ({ inputs }: Recorded) => inputs.uploads as readonly Upload[];
const targetsOf = ({ inputs }: Recorded) =>
  (inputs.mounts as readonly { source: string }[]).map(({ source }) => source);

describe("an aptly server", () => {
  it("keeps the signing key from the proxy", async () => {
    const children = await server();
    expect(targetsOf(named(children, "aptly-server"))).toContain("aptly-keys-volume");
    expect(targetsOf(named(children, "aptly-proxy"))).not.toContain("aptly-keys-volume");
  });

  it("opens ports at the proxy alone, on the machine's own address", async () => {
    const children = await server();
    expect(named(children, "aptly-server").inputs).not.toHaveProperty("ports");
    expect(named(children, "aptly-proxy").inputs.ports).toEqual([
      { internal: 8083, external: 8083, ip: "127.0.0.1" },
      { internal: 8084, external: 8084, ip: "127.0.0.1" },
    ]);
  });

  it("makes a strong key", async () => {
    const { inputs } = named(await server(), "aptly-server");
    expect(inputs.entrypoints).toEqual(expect.arrayContaining(["rsa4096", "5y"]));
  });

  it("has no rights but those of its files", async () => {
    const children = await server();
    for (const name of ["aptly-server", "aptly-proxy"]) {
      expect(named(children, name).inputs).toMatchObject({
        capabilities: { drops: ["ALL"] },
        securityOpts: ["no-new-privileges"],
      });
    }
  });

  it("gets its password as a file for root alone, secret in the state", async () => {
    let uploads: Output<unknown> | undefined;
    const children = await record(() => {
      uploads = new AptlyServer("aptly", args).nodes.proxy.uploads;
    }, outputs);
    const proxy = named(children, "aptly-proxy");
    const password = uploadsOf(proxy).find(({ content }) => content === "long enough");
    expect(password?.permissions).toBe("0600");
    expect(JSON.stringify(proxy.inputs.entrypoints)).not.toContain("long enough");
    expect(uploads && (await isSecret(uploads))).toBe(true);
  });

  it("speaks HTTPS with a certificate, and may then be reached from elsewhere", async () => {
    const tls = { certificate: "CERT", key: secret("KEY") };
    const children = await server({ tls, address: "0.0.0.0" });
    const uploads = uploadsOf(named(children, "aptly-proxy"));
    expect(uploads.map(({ content }) => content)).toEqual(expect.arrayContaining(["CERT", "KEY"]));
    expect(uploads.find(({ file }) => file.endsWith("nginx.conf"))?.content).toContain(
      "listen 8083 ssl;",
    );
  });

  it("keeps its packages and its key from deletion, unless told otherwise", async () => {
    const protectedOf = async (more: Partial<AptlyServerArgs>) => {
      const names: string[] = [];
      const transformations = [
        ({ name, opts }: ResourceTransformationArgs) => void (opts.protect && names.push(name)),
      ];
      const all = { ...args, ...more };
      await record(() => void new AptlyServer("aptly", all, { transformations }), outputs);
      return names;
    };
    expect(await protectedOf({})).toEqual(["aptly-data", "aptly-keys"]);
    expect(await protectedOf({ protect: false })).toEqual([]);
  });

  it("takes an image that is known only once it is built", async () => {
    const { inputs } = named(await server({ image: output(args.image) }), "aptly-image");
    expect(inputs.name).toBe(args.image);
  });

  it("names every mistake at once", async () => {
    const wrong = server({
      image: "aptly:latest",
      address: "0.0.0.0",
      signingKey: { user: "infra", expiry: "soon" },
    });
    await expect(wrong).rejects.toThrow(
      /image "aptly:latest" is not pinned[\s\S]*address "0.0.0.0"[\s\S]*signingKey.user "infra"[\s\S]*signingKey.expiry "soon"/,
    );
  });
});
