import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { linkPlugins, pulumiEnvironment } from "../../sandbox/commands/environment.ts";
import { repository } from "../../toolchain/paths.ts";
import { run } from "../services/commands.ts";
import { type Servers, startServers } from "../support/servers.ts";

/** As `pulumi new typescript` has it, but for what a preview does not need. */
const compilerOptions = { strict: true, target: "es2020", module: "nodenext", types: ["node"] };
const installQuietly = [
  "install",
  "--ignore-scripts",
  "--no-audit",
  "--no-fund",
  "--prefer-offline",
];

let servers: Servers;
let folder: string;
let app: string;
let document: string;

beforeAll(async () => {
  servers = await startServers();
  folder = await mkdtemp(join(tmpdir(), "trunkline-package-"));
  app = join(folder, "app");
  document = await readFile(join(repository, "docs/components.md"), "utf8");
  await mkdir(app);
  await run("npm", ["pack", "--pack-destination", folder], { cwd: repository });
  await writeProgram();
  await run("npm", [...installQuietly, join(folder, "trunkline-0.1.0.tgz")], { cwd: app });
});

afterAll(async () => {
  await servers?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("a program elsewhere installs the package, and previews what its document shows", async () => {
  const resources = await preview();
  expect(resources.map(({ type, urn }) => `${type} ${urn.split("::").at(-1)}`).sort()).toEqual([
    "aptly:index/localRepository:LocalRepository apt-bookworm",
    "aptly:index/publication:Publication apt-bookworm",
    "gitlab:index/branchProtection:BranchProtection datahook-default-branch",
    "gitlab:index/group:Group packages-group",
    "gitlab:index/groupVariable:GroupVariable packages-APTLY_PASSWORD",
    "gitlab:index/groupVariable:GroupVariable packages-APTLY_URL",
    "gitlab:index/groupVariable:GroupVariable packages-APTLY_USERNAME",
    "gitlab:index/groupVariable:GroupVariable packages-APT_URL",
    "gitlab:index/groupVariable:GroupVariable packages-BUILDER_IMAGE_BOOKWORM",
    "gitlab:index/project:Project datahook-project",
    "gitlab:index/repositoryFile:RepositoryFile datahook-pipeline",
    "trunkline:apt:AptRepository apt",
    "trunkline:ci:PackageGroup packages",
    "trunkline:ci:PackageProject datahook",
  ]);
  const pipeline = resources.find(({ type }) => type.endsWith(":RepositoryFile"));
  expect(pipeline?.inputs.content).toContain("compile_on_bookworm:");
});

test("its declarations hold, those that a program does not use included", async () => {
  await run("npx", ["tsc", "--noEmit"], { cwd: app });
});

test("Pulumi's SDK is there once", async () => {
  const files = await readdir(join(app, "node_modules"), { recursive: true });
  const copies = files.filter((file) => file.endsWith("@pulumi/pulumi/package.json"));
  expect(copies).toEqual(["@pulumi/pulumi/package.json"]);
});

test("the official SDK takes the place of the package's own where the program says so", async () => {
  await installStandIn("10.9.0");
  const [, variable = ""] = /`export (NODE_OPTIONS=\S+)`/.exec(document) ?? [];
  const resources = await preview(Object.fromEntries([variable.split(/=(.*)/, 2)]));
  const project = resources.find(({ type }) => type.endsWith(":Project"));
  expect(project?.provider).toContain("::default_10_9_0::");
});

async function writeProgram(): Promise<void> {
  const { devDependencies } = JSON.parse(await readFile(join(repository, "package.json"), "utf8"));
  const wanted = ["@pulumi/pulumi", "@types/node", "typescript"];
  const dependencies = Object.fromEntries(wanted.map((name) => [name, devDependencies[name]]));
  const files = {
    "package.json": JSON.stringify({ name: "app", main: "index.ts", dependencies }),
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["index.ts"] }),
    "Pulumi.dev.yaml": stringify({ config: { "packages:aptlyPassword": "long-enough" } }),
    "Pulumi.yaml": block("yaml"),
    "index.ts": block("ts"),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(app, name), text);
}

/** The document's first block of a language. */
function block(language: string): string {
  const [, text = ""] =
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "m").exec(document) ?? [];
  return text;
}

/** A package of the official SDK's name and layout, told from the package's own by its version. */
async function installStandIn(version: string): Promise<void> {
  const own = join(app, "node_modules/trunkline/dist/sdks/gitlab");
  const standIn = join(app, "node_modules/@pulumi/gitlab");
  await cp(own, join(standIn, "bin"), { recursive: true });
  const text = await readFile(join(own, "package.json"), "utf8");
  for (const place of [standIn, join(standIn, "bin")]) {
    await writeFile(join(place, "package.json"), text.replaceAll("10.1.0", version));
  }
}

interface Previewed {
  readonly type: string;
  readonly urn: string;
  readonly provider?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What would be created. */
async function preview(environment: Record<string, string> = {}): Promise<Previewed[]> {
  const home = join(folder, "home");
  await linkPlugins(home);
  await mkdir(join(folder, "state"), { recursive: true });
  const env = {
    ...pulumiEnvironment(home),
    PULUMI_NODEJS_TRANSPILE_ONLY: "false",
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    ...servers.environment,
    ...environment,
  };
  await run("pulumi", ["stack", "select", "--create", "dev"], { cwd: app, env });
  const text = await run("pulumi", ["preview", "--json", "--non-interactive"], { cwd: app, env });
  const { steps } = JSON.parse(text) as { steps: { op: string; newState: Previewed }[] };
  return steps.map(({ newState }) => newState).filter(({ type }) => !type.startsWith("pulumi:"));
}
