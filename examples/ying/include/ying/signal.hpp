#pragma once

#include <cstddef>

#include <ying/export.hpp>
#include <ying/ring_buffer.hpp>

namespace ying {

/// What a window of samples looks like.
struct YING_EXPORT Statistics {
  std::size_t count;
  double mean;
  /// Of the population; 0 for a single sample.
  double deviation;
  double minimum;
  double maximum;
};

/// Throws std::invalid_argument for an empty window.
YING_EXPORT Statistics summarize(const RingBuffer& window);

}  // namespace ying
