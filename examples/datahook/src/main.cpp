#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include "summary.hpp"

namespace {

const char usage[] =
    "usage: datahook [--text] FILE\n"
    "Reads a YAML file of readings and writes one protobuf message to standard output.\n";

int run(const std::string& path, bool asText) {
  const datahook::Reading reading = datahook::readYaml(path);
  if (asText) {
    std::cout << reading.DebugString();
  } else if (!reading.SerializeToOstream(&std::cout)) {
    std::cerr << "datahook: cannot write the message\n";
    return EXIT_FAILURE;
  }
  return std::cout.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  const bool asText = argc == 3 && std::string(argv[1]) == "--text";
  if (argc != 2 && !asText) {
    std::cerr << usage;
    return 2;
  }
  try {
    return run(argv[argc - 1], asText);
  } catch (const std::exception& error) {
    std::cerr << "datahook: " << argv[argc - 1] << ": " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
