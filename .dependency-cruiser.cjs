/** Who may import whom: index -> components -> rules, pipeline, sdks; plugins -> rules. */
const layers = {
  components: ["plugins", "sandbox", "toolchain", "scripts"],
  pipeline: ["components", "plugins", "sandbox", "sdks", "toolchain", "scripts"],
  plugins: ["components", "pipeline", "sandbox", "sdks", "toolchain", "scripts"],
  rules: ["components", "pipeline", "plugins", "sandbox", "sdks", "toolchain", "scripts"],
  sandbox: ["components", "pipeline", "plugins", "rules", "sdks", "scripts"],
  toolchain: ["components", "pipeline", "plugins", "rules", "sandbox", "sdks", "scripts"],
};
const test = "\\.test\\.ts$";

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([layer, others]) => ({
      name: `${layer}-imports-one-way`,
      severity: "error",
      from: { path: `^${layer}/`, pathNot: test },
      to: { path: [`^(${others.join("|")})/`, "^index\\.ts$"] },
    })),
    {
      name: "rules-and-pipeline-know-nothing-of-pulumi",
      severity: "error",
      from: { path: "^(rules|pipeline)/", pathNot: test },
      to: { path: "node_modules/@pulumi/" },
    },
    {
      name: "kit-knows-no-kind",
      severity: "error",
      from: { path: "^plugins/kit/", pathNot: test },
      to: { path: "^plugins/(?!kit/)" },
    },
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
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
