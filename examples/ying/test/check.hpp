#pragma once

#include <cstdlib>
#include <iostream>

// Unlike assert, this also checks in a release build.
#define CHECK(condition)                                                              \
  do {                                                                                \
    if (!(condition)) {                                                               \
      std::cerr << __FILE__ << ":" << __LINE__ << ": not true: " #condition << "\n"; \
      std::exit(EXIT_FAILURE);                                                        \
    }                                                                                 \
  } while (false)

template <typename Exception, typename Action>
bool throws(Action action) {
  try {
    action();
  } catch (const Exception&) {
    return true;
  }
  return false;
}
