#include "rate.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace hookrate {

std::vector<double> readTimes(std::istream& file) {
  std::vector<double> times;
  std::string line;
  std::getline(file, line);
  for (int number = 2; std::getline(file, line); ++number) {
    try {
      times.push_back(std::stod(line));
    } catch (const std::invalid_argument&) {
      throw std::runtime_error("line " + std::to_string(number) + " does not begin with a time");
    }
  }
  return times;
}

Rate measure(const std::vector<double>& times) {
  if (times.size() < 2) throw std::runtime_error("a rate needs two samples");
  double longest = 0;
  for (std::size_t index = 1; index < times.size(); ++index) {
    const double silence = times[index] - times[index - 1];
    if (silence <= 0) throw std::runtime_error("the times do not grow");
    longest = std::max(longest, silence);
  }
  return {static_cast<double>(times.size() - 1) / (times.back() - times.front()), longest};
}

}  // namespace hookrate
