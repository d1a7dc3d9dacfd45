import { connect } from "node:net";

/** A probe that is satisfied by any HTTP answer, refusals included. */
export function answersHttp(url: string): () => Promise<boolean> {
  return () =>
    fetch(url, { method: "HEAD", signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
}

/** A probe that is satisfied when somebody accepts connections on a Unix socket. */
export function acceptsConnections(socket: string): () => Promise<boolean> {
  return () =>
    new Promise((resolve) => {
      const connection = connect(socket);
      connection.once("connect", () => {
        connection.destroy();
        resolve(true);
      });
      connection.once("error", () => resolve(false));
    });
}
