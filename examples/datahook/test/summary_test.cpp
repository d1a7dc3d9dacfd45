#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include "summary.hpp"

namespace {

// Unlike assert, this also checks in a release build.
void check(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "not true: " << what << "\n";
  std::exit(EXIT_FAILURE);
}

std::string refusalOf(const std::string& path) {
  try {
    datahook::readYaml(path);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  check(argc == 3, "two files are given");

  datahook::Reading sent = datahook::readYaml(argv[1]);
  datahook::Reading received;
  check(received.ParseFromString(sent.SerializeAsString()), "the message survives the wire");
  check(received.sensor() == "boiler", "the sensor is named");
  check(received.samples_size() == 3, "the window keeps the newest three samples");
  check(received.samples(0) == 60, "the oldest sample is forgotten");
  check(received.summary().count() == 3, "the summary counts the window");
  check(received.summary().mean() == 61, "the summary has the mean");

  check(refusalOf(argv[2]) == "samples is missing", "a missing key is named");
}
