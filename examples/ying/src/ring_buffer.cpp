#include <ying/ring_buffer.hpp>

#include <stdexcept>

namespace ying {

RingBuffer::RingBuffer(std::size_t capacity) : capacity_(capacity) {
  if (capacity == 0) throw std::invalid_argument("ying: a ring buffer needs room for a sample");
  samples_.reserve(capacity);
}

void RingBuffer::push(double sample) {
  if (samples_.size() < capacity_) {
    samples_.push_back(sample);
    return;
  }
  samples_[oldest_] = sample;
  oldest_ = (oldest_ + 1) % capacity_;
}

std::size_t RingBuffer::size() const noexcept { return samples_.size(); }

std::size_t RingBuffer::capacity() const noexcept { return capacity_; }

double RingBuffer::at(std::size_t index) const {
  if (index >= samples_.size()) throw std::out_of_range("ying: no sample at this index");
  return samples_[(oldest_ + index) % samples_.size()];
}

}  // namespace ying
