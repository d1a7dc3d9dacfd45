/** Who may import whom: adopt -> index -> stack -> components -> the rooms without Pulumi -> validation. */
const rooms = ["aptly-server", "configuration", "image", "pipeline", "runner"];
const above = ["adopt", "sandbox", "test", "toolchain", "bench", "package"];
const pulumi = ["stack", "components", "plugins", "sdks", ...above];
const product = ["adopt", ...rooms, "stack", "components", "plugins", "sdks", "validation"];
const layers = {
  validation: [...rooms, ...pulumi],
  image: ["aptly-server", "configuration", "runner", ...pulumi],
  pipeline: ["aptly-server", "configuration", "runner", ...pulumi],
  runner: ["aptly-server", "configuration", ...pulumi],
  "aptly-server": ["configuration", ...pulumi],
  configuration: pulumi,
  components: ["configuration", "stack", "plugins", ...above],
  stack: ["plugins", ...above],
  adopt: ["sandbox", "test", "toolchain", "bench", "package", "components"],
  plugins: [...rooms, "stack", "components", "sdks", ...above],
  "sandbox/gitlab": [...product, "test"],
  "sandbox/services": [...product, "test"],
  toolchain: [...product, "sandbox", "test"],
};
const ofSandbox = Object.keys(require("./sandbox/package.json").dependencies);
const test = "\\.test\\.ts$";
const program = `^(${[...rooms, "validation"].join("|")})/`;

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([layer, others]) => ({
      name: `${layer}-imports-one-way`,
      severity: "error",
      from: { path: `^${layer}/`, pathNot: test },
      to: {
        path: [`^(${others.join("|")})/`, ...(layer === "adopt" ? [] : ["^index\\.ts$"])],
      },
    })),
    {
      name: "only-stack-and-components-know-pulumi",
      severity: "error",
      from: { path: program, pathNot: test },
      to: { path: "node_modules/@pulumi/" },
    },
    {
      name: "kit-knows-no-kind",
      severity: "error",
      from: { path: "^plugins/kit/", pathNot: test },
      to: { path: "^plugins/(?!kit/)" },
    },
    {
      name: "only-the-sandbox-imports-its-packages",
      severity: "error",
      from: { pathNot: "^(sandbox|node_modules)/" },
      to: { path: `node_modules/(${ofSandbox.join("|")})/` },
    },
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-import-of-a-test",
      severity: "error",
      from: { pathNot: test },
      to: { path: test },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^sdks/"] },
    exclude: { path: ["^sdks/[^/]+/bin", "^\\.sandbox", "^\\.toolchain"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
