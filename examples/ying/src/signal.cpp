#include <ying/signal.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace ying {

// Welford's method: one pass, and no cancellation when the mean is large beside the deviation.
Statistics summarize(const RingBuffer& window) {
  if (window.size() == 0) throw std::invalid_argument("ying: an empty window has no statistics");

  double mean = 0;
  double squares = 0;
  double minimum = window.at(0);
  double maximum = window.at(0);
  for (std::size_t index = 0; index < window.size(); ++index) {
    const double sample = window.at(index);
    const double before = sample - mean;
    mean += before / static_cast<double>(index + 1);
    squares += before * (sample - mean);
    minimum = std::min(minimum, sample);
    maximum = std::max(maximum, sample);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(window.size()));
  return {window.size(), mean, deviation, minimum, maximum};
}

}  // namespace ying
