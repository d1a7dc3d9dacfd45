import { readCredentials } from "../services/credentials.ts";
import { createSandbox } from "./app.ts";

/** Serves the GitLab sandbox: `gitlab-server.ts <data folder> <port> <credentials file>`. */
const [directory, port, credentialsFile] = process.argv.slice(2);
if (directory === undefined || port === undefined || credentialsFile === undefined) {
  throw new Error("usage: gitlab-server.ts <data folder> <port> <credentials file>");
}
const credentials = await readCredentials(credentialsFile);
const sandbox = await createSandbox({
  directory,
  rootToken: credentials?.gitlabToken,
  // What a stack destroys is to be gone, not kept for days.
  deletesAtOnce: true,
});
await sandbox.listen(Number(port));
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void sandbox.close().then(() => process.exit(0)));
}
