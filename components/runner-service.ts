import { remote } from "@pulumi/command";
import { getProject, getStack, type Input, type Resource, secret } from "@pulumi/pulumi";
import { readHostScript } from "../runner/host-script.ts";
import { renderRemoteCommand } from "../runner/remote-command.ts";
import type { RunnerPackage, SshMachine } from "./runner-machines.ts";
import { createChild, type Transform } from "./transform.ts";

export interface RunnerServiceTransforms {
  readonly installation?: Transform<remote.CommandArgs>;
  readonly service?: Transform<remote.CommandArgs>;
}

export interface RunnerServiceArgs extends SshMachine {
  readonly config: Input<string>;
  readonly graceSeconds: number;
  readonly transform?: RunnerServiceTransforms | undefined;
}

/** The runner as a systemd service; what runs on the machine stands in `host-scripts/`. */
export function createRunnerService(name: string, args: RunnerServiceArgs, parent: Resource) {
  const { graceSeconds, sudo = true } = args;
  const owner = `${getProject()}/${getStack()}`;
  const common = {
    connection: secret(args.connection),
    logging: remote.Logging.None,
    addPreviousOutputInEnv: false,
  };
  // Another machine is another service; the old one is cleaned up afterwards.
  const options = { parent, replaceOnChanges: ["connection.host", "connection.port"] };
  const installation = args.package && createInstallation(args.package);
  const service = createService();
  return { service, ...(installation && { installation }) };

  function createInstallation({ version = "", source }: RunnerPackage) {
    const words = [version, source?.line ?? ""];
    const install = renderRemoteCommand(readHostScript("install-runner"), words, { sudo });
    return createChild(remote.Command, args.transform?.installation)(
      `${name}-package`,
      { ...common, create: install, update: install, stdin: source?.key ?? "" },
      options,
    );
  }

  function createService() {
    const words = [name, owner, `${graceSeconds}`];
    const configure = renderRemoteCommand(readHostScript("configure-runner"), words, { sudo });
    const remove = renderRemoteCommand(readHostScript("remove-runner"), [name, owner], { sudo });
    return createChild(remote.Command, args.transform?.service)(
      `${name}-service`,
      {
        ...common,
        create: configure,
        update: configure,
        delete: remove,
        stdin: secret(args.config),
      },
      { ...options, dependsOn: installation ? [installation] : [] },
    );
  }
}
