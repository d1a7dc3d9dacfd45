#include "summary.hpp"

#include <cstddef>
#include <stdexcept>
#include <vector>

#include <yaml-cpp/yaml.h>
#include <ying/ring_buffer.hpp>
#include <ying/signal.hpp>

namespace datahook {
namespace {

template <typename Value>
Value require(const YAML::Node& file, const std::string& key) {
  if (!file[key]) throw std::runtime_error(key + " is missing");
  try {
    return file[key].as<Value>();
  } catch (const YAML::BadConversion&) {
    throw std::runtime_error(key + " has the wrong type");
  }
}

void fill(Summary* summary, const ying::Statistics& statistics) {
  summary->set_count(static_cast<unsigned>(statistics.count));
  summary->set_mean(statistics.mean);
  summary->set_deviation(statistics.deviation);
  summary->set_minimum(statistics.minimum);
  summary->set_maximum(statistics.maximum);
}

}  // namespace

Reading readYaml(const std::string& path) {
  const YAML::Node file = YAML::LoadFile(path);
  if (!file.IsMap()) throw std::runtime_error("the file is not a map");
  const auto samples = require<std::vector<double>>(file, "samples");
  if (samples.empty()) throw std::runtime_error("samples is empty");
  const auto window = file["window"] ? require<std::size_t>(file, "window") : samples.size();
  if (window == 0) throw std::runtime_error("window is 0");

  ying::RingBuffer newest(window);
  for (const double sample : samples) newest.push(sample);

  Reading reading;
  reading.set_sensor(require<std::string>(file, "sensor"));
  reading.set_unit(require<std::string>(file, "unit"));
  for (std::size_t index = 0; index < newest.size(); ++index) reading.add_samples(newest.at(index));
  fill(reading.mutable_summary(), ying::summarize(newest));
  return reading;
}

}  // namespace datahook
