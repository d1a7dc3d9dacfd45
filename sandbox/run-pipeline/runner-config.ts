import { parse, stringify, type TomlTable } from "smol-toml";

/**
 * A runner's `config.toml` for a machine whose GitLab and registry are at 127.0.0.1: containers get
 * the machine's network and a helper image of its own registry. What the file says itself stays.
 * https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnersdocker-section
 */
export function adaptRunnerConfig(config: string, helperImage: string): string {
  const file = parse(config);
  const runners = (file.runners ?? []) as TomlTable[];
  const defaults = { network_mode: "host", helper_image: helperImage };
  const adapted = runners.map((runner) =>
    runner.executor === "docker"
      ? { ...runner, docker: { ...defaults, ...(runner.docker as TomlTable | undefined) } }
      : runner,
  );
  return stringify({ ...file, runners: adapted });
}
