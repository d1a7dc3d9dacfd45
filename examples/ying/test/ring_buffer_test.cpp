#include <stdexcept>
#include <ying/ring_buffer.hpp>

#include "check.hpp"

int main() {
  ying::RingBuffer buffer(3);
  CHECK(buffer.size() == 0);
  CHECK(throws<std::out_of_range>([&] { buffer.at(0); }));

  buffer.push(1);
  buffer.push(2);
  CHECK(buffer.size() == 2);
  CHECK(buffer.at(0) == 1);
  CHECK(buffer.at(1) == 2);

  buffer.push(3);
  buffer.push(4);
  CHECK(buffer.size() == buffer.capacity());
  CHECK(buffer.at(0) == 2);
  CHECK(buffer.at(2) == 4);

  CHECK(throws<std::invalid_argument>([] { ying::RingBuffer(0); }));
}
