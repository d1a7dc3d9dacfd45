#pragma once

#include <string>

namespace hooknode {

/// A sample as it goes out: with ROS a message of the type std_msgs/Float64 in YAML, as
/// `ros2 topic pub` reads it; without, the number alone.
std::string toMessage(double sample);

/// For example "ROS humble" or "no ROS".
std::string environment();

}  // namespace hooknode
