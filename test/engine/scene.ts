import { onTestFinished } from "vitest";
import { EngineStack, type EngineStackArgs } from "../support/engine-stack.ts";
import { type Servers, type ServersArgs, startServers } from "../support/servers.ts";

export interface Scene {
  readonly servers: Servers;
  readonly stack: EngineStack;
  stop(): Promise<void>;
}

type SceneArgs = Partial<EngineStackArgs> & ServersArgs;

/** Servers of its own for a stack that is not applied yet. Default: the dev stack. */
export async function startScene(args: SceneArgs = {}): Promise<Scene> {
  const servers = await startServers(args);
  try {
    const environment = { ...servers.environment, ...args.environment };
    const stack = await EngineStack.create({ ...args, environment });
    return {
      servers,
      stack,
      async stop() {
        await stack.remove();
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

/** The same, gone when the test ends. */
export async function sceneForTest(args: SceneArgs = {}): Promise<Scene> {
  const scene = await startScene(args);
  onTestFinished(() => scene.stop());
  return scene;
}
