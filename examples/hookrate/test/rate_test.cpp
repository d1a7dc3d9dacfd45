#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "rate.hpp"

namespace {

// Unlike assert, this also checks in a release build.
void check(bool condition, const char* what) {
  if (condition) return;
  std::cerr << "not true: " << what << "\n";
  std::exit(EXIT_FAILURE);
}

std::string refusalOf(const std::string& text) {
  std::istringstream file(text);
  try {
    hookrate::measure(hookrate::readTimes(file));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

int main() {
  const hookrate::Rate rate = hookrate::measure({0, 0.5, 2, 2.5});
  check(rate.mean == 1.2, "the mean counts the gaps, not the samples");
  check(rate.longest == 1.5, "the longest silence is found");

  check(refusalOf("time\n1\nx\n") == "line 3 does not begin with a time", "a bad line is named");
  check(refusalOf("time\n1\n") == "a rate needs two samples", "one sample has no rate");
  check(refusalOf("time\n2\n1\n") == "the times do not grow", "time does not go back");
}
