#include <cmath>
#include <stdexcept>
#include <ying/signal.hpp>

#include "check.hpp"

static bool near(double left, double right) { return std::fabs(left - right) < 1e-9; }

int main() {
  ying::RingBuffer window(8);
  CHECK(throws<std::invalid_argument>([&] { ying::summarize(window); }));

  window.push(5);
  CHECK(ying::summarize(window).deviation == 0);

  for (double sample : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) window.push(sample);
  const ying::Statistics statistics = ying::summarize(window);
  CHECK(statistics.count == 8);
  CHECK(near(statistics.mean, 5));
  CHECK(near(statistics.deviation, 2));
  CHECK(statistics.minimum == 2);
  CHECK(statistics.maximum == 9);

  ying::RingBuffer far(3);
  for (double sample : {1e9 + 1, 1e9 + 2, 1e9 + 3}) far.push(sample);
  CHECK(near(ying::summarize(far).deviation, std::sqrt(2.0 / 3.0)));
}
