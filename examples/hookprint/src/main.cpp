#include <cstdio>
#include <cstdlib>
#include <print>
#include <stdexcept>
#include <string>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::println(stderr, "usage: hookprint SENSOR NUMBER...");
    return 2;
  }
  double sum = 0;
  for (int index = 2; index < argc; ++index) {
    try {
      sum += std::stod(argv[index]);
    } catch (const std::invalid_argument&) {
      std::println(stderr, "hookprint: {} is no number", argv[index]);
      return EXIT_FAILURE;
    }
  }
  const int count = argc - 2;
  std::println("{:<12}{:>8}{:>10}", "sensor", "samples", "mean");
  std::println("{:<12}{:>8}{:>10.2f}", argv[1], count, sum / count);
}
