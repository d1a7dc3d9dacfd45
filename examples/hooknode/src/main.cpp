#include <cstdlib>
#include <iostream>
#include <string>

#include "message.hpp"

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--version") {
    std::cout << "hooknode for " << hooknode::environment() << "\n";
    return EXIT_SUCCESS;
  }
  if (argc != 1) {
    std::cerr << "usage: hooknode [--version]\n"
                 "Reads numbers from standard input and writes a message for each.\n";
    return 2;
  }
  for (double sample; std::cin >> sample;) std::cout << hooknode::toMessage(sample) << std::endl;
  if (std::cin.eof()) return EXIT_SUCCESS;
  std::cerr << "hooknode: this is no number\n";
  return EXIT_FAILURE;
}
