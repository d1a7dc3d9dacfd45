#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "rate.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: hookrate FILE\n"
                 "Prints how often the samples of a CSV file come, by the times in its first column.\n";
    return 2;
  }
  try {
    std::ifstream file(argv[1]);
    if (!file) throw std::runtime_error("cannot be read");
    const hookrate::Rate rate = hookrate::measure(hookrate::readTimes(file));
    std::cout << "rate: " << rate.mean << " Hz\nlongest silence: " << rate.longest << " s\n";
  } catch (const std::exception& error) {
    std::cerr << "hookrate: " << argv[1] << ": " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
