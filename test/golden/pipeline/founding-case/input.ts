import { readConfiguration } from "../../../../configuration/configuration.ts";
import { planPipeline } from "../../../../stack/plan.ts";

/** The values of a stack for Ubuntu 16.04 and 18.04 with their ROS, on a GitLab whose branch is `master`. */
const values = {
  group: "infra",
  registry: "registry.example.com",
  distributions: {
    xenial: { baseImage: "ros:kinetic-ros-base-xenial", acceptEndOfLife: true },
    bionic: { baseImage: "ros:melodic-ros-base-bionic" },
  },
  apt: { prefix: "trunk", repository: "infra" },
  runners: { infra: { tags: ["infra"], executor: "docker" } },
  packages: {
    ying: {
      distributions: ["xenial", "bionic"],
      installPrefix: "/opt/trunk30",
      defaultBranch: "master",
    },
    datahook: {
      distributions: ["xenial", "bionic"],
      installPrefix: "/opt/trunk30",
      defaultBranch: "master",
      buildDepends: ["protobuf-compiler", "libprotobuf-dev", "libyaml-cpp-dev"],
      uses: ["ying"],
      tests: {
        // What CMake 3.5 knows: its ctest writes no JUnit report, googletest does.
        script: [
          "mkdir tested",
          "cmake -E chdir tested cmake ../test/installed",
          "cmake --build tested",
          "tested/installed_test --gtest_output=xml:tested/junit.xml",
        ],
        reports: ["tested/junit.xml"],
        depends: ["libgtest-dev"],
      },
    },
  },
};

const configuration = readConfiguration(values, { today: new Date("2026-11-01"), stack: "prod" });
const { datahook } = configuration.packages;
if (datahook === undefined) throw new Error("the stack has no datahook");

export const pipeline = planPipeline(configuration, "datahook", datahook);
