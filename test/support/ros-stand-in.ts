import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder like `/opt/ros` with these distributions, until the test is over. */
export async function createRosFolder(...distributions: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "trunkline-ros-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const distribution of distributions) await writeRos(folder, distribution);
  return folder;
}

/**
 * Writes what a job needs of a distribution of ROS: its set-up file, with the traps of a real one,
 * and one of its CMake packages.
 * @param installed The folder's path where it will be used. Default: where it is written.
 */
export async function writeRos(folder: string, distribution: string, installed = folder) {
  const prefix = `${installed}/${distribution}`;
  const files = {
    "setup.sh": renderSetup(prefix, distribution),
    "share/ros_environment/cmake/ros_environmentConfig.cmake": "set(ros_environment_FOUND TRUE)\n",
  };
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, distribution, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function renderSetup(prefix: string, distribution: string): string {
  return `# A real one passes its arguments on, reads what is not set and ignores what fails.
if [ "$#" -gt 0 ]; then echo "unexpected arguments: $*" >&2; return 1; fi
if [ -n "$AMENT_TRACE_SETUP_FILES" ]; then echo "# reading setup.sh"; fi
test -d "$COLCON_CURRENT_PREFIX"
export ROS_DISTRO=${distribution} ROS_VERSION=2
export AMENT_PREFIX_PATH="${prefix}\${AMENT_PREFIX_PATH:+:$AMENT_PREFIX_PATH}"
export CMAKE_PREFIX_PATH="${prefix}\${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}"
unset _ament_done
`;
}
