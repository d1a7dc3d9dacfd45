import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ExecaError, execa } from "execa";
import { toolchainPaths } from "../../toolchain/paths.ts";

/**
 * Releases of CMake that old distributions stand near to, and the package of PyPI that carries each:
 * 3.6.2 is the oldest there is, xenial has 3.5.1; bionic has 3.10.2.
 */
const wheels = {
  "3.6.2": { package: "cmake==0.2.0", python: "35" },
  "3.10.3": { package: "cmake==3.10.3", python: "36" },
} as const;

export type OldCMake = keyof typeof wheels;
export const oldCMakes = Object.keys(wheels) as OldCMake[];

/** A folder with `cmake`, `cpack` and `ctest` of that release, fetched once; or why it cannot be had. */
export async function provideOldCMake(version: OldCMake): Promise<{ bin: string } | string> {
  const folder = join(toolchainPaths().root, "old-cmake", version);
  const bin = join(folder, "cmake", "data", "bin");
  if (await exists(join(bin, "cpack"))) return { bin };
  const draft = `${folder}.${process.pid}`;
  try {
    await unpack(version, draft);
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return { bin };
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    return `CMake ${version} cannot be had from PyPI: ${error.shortMessage}`;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The wheel is for a Python that need not be here: only its files are wanted. */
async function unpack(version: OldCMake, folder: string): Promise<void> {
  const { package: name, python } = wheels[version];
  await mkdir(folder, { recursive: true });
  const target = ["--python-version", python, "--abi", `cp${python}m`, "--implementation", "cp"];
  const wheel = ["--platform", "manylinux1_x86_64", "--only-binary=:all:", "--no-deps"];
  const options = ["--quiet", "--retries", "1", "--dest", folder];
  await execa("python3", ["-m", "pip", "download", ...options, ...target, ...wheel, name]);
  await execa("sh", ["-ec", "unzip -q ./*.whl && rm ./*.whl && chmod +x cmake/data/bin/c*"], {
    cwd: folder,
  });
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
