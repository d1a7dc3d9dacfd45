import { debianPackagePipeline, renderPipeline } from "../pipeline/debian-package.ts";
import { toInline } from "../pipeline/render.ts";
import { args } from "../test/golden/pipeline/tested/input.ts";
import { EngineStack, type Outcome } from "../test/support/engine-stack.ts";
import { type Servers, startServers } from "../test/support/servers.ts";
import { fixShell, templateProgram } from "../test/support/template-program.ts";
import { print } from "./print.ts";
import { takeRequests } from "./request-counts.ts";

const sizes = [20, 200] as const;

/** What a package commits, and what a fix of the jobs' shell costs with few and with many packages. */
export async function benchShellFix(): Promise<void> {
  const pipeline = debianPackagePipeline({
    ...args,
    template: { project: "infra/ci", ref: "main" },
  });
  print("a package with tests on two distributions commits");
  print(`  including its shell: ${measure(renderPipeline(pipeline))}`);
  print(`  inline: ${measure(renderPipeline(toInline(pipeline)))}`);
  for (const size of sizes) await benchSize(size);
  print();
}

function measure(text: string): string {
  return `${text.split("\n").length - 1} lines, ${Buffer.byteLength(text)} bytes`;
}

async function benchSize(size: number): Promise<void> {
  const names = Array.from({ length: size }, (_, index) => `package-${index + 1}`);
  const { program, wanted } = templateProgram(names);
  const servers = await startServers({ deletesAtOnce: true });
  try {
    const stack = await EngineStack.create({ environment: servers.environment, program });
    try {
      succeed(await stack.up());
      wanted.template = fixShell(wanted.template);
      await benchFix(size, stack, servers);
    } finally {
      await stack.remove();
    }
  } finally {
    await servers.stop();
  }
}

async function benchFix(size: number, stack: EngineStack, servers: Servers): Promise<void> {
  takeRequests(servers);
  print(`a fix of the shell with ${size} packages`);
  const preview = succeed(await stack.preview());
  print(`  preview: ${preview.split("\n").length} lines, ${takeRequests(servers).total} requests`);
  succeed(await stack.up());
  const { total, byRoute } = takeRequests(servers);
  const commits = byRoute.filter(([route]) => /(PUT|POST) .*repository\/files/.test(route));
  const count = commits.reduce((sum, [, times]) => sum + times, 0);
  print(`  up: ${total} requests, ${count} commit${count === 1 ? "" : "s"}`);
}

function succeed({ succeeded, text }: Outcome): string {
  if (!succeeded) throw new Error(text);
  return text;
}
