#pragma once

#include <cstddef>
#include <vector>

#include <ying/export.hpp>

namespace ying {

/// The newest samples of a signal; a full buffer forgets the oldest for each new one.
class YING_EXPORT RingBuffer {
 public:
  /// Throws std::invalid_argument when capacity is zero.
  explicit RingBuffer(std::size_t capacity);

  void push(double sample);

  std::size_t size() const noexcept;
  std::size_t capacity() const noexcept;

  /// 0 is the oldest sample kept. Throws std::out_of_range from size() on.
  double at(std::size_t index) const;

 private:
  std::vector<double> samples_;
  std::size_t capacity_;
  std::size_t oldest_ = 0;
};

}  // namespace ying
