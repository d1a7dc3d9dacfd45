#pragma once

#include <istream>
#include <vector>

namespace hookrate {

/// What the times of a sensor's samples say about its pace.
struct Rate {
  /// Samples per second.
  double mean;
  /// The longest silence, in seconds.
  double longest;
};

/// Seconds out of the first column of a CSV file with a header line. Throws std::runtime_error that
/// names the line which is wrong.
std::vector<double> readTimes(std::istream& file);

/// Throws std::runtime_error for fewer than two times, or times that do not grow.
Rate measure(const std::vector<double>& times);

}  // namespace hookrate
