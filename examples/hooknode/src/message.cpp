#include "message.hpp"

#include <sstream>

#include "ros.hpp"

namespace hooknode {

std::string toMessage(double sample) {
  std::ostringstream text;
#ifdef HOOKNODE_ROS_DISTRO
  text << "{data: " << sample << "}";
#else
  text << sample;
#endif
  return text.str();
}

std::string environment() {
#ifdef HOOKNODE_ROS_DISTRO
  return "ROS " HOOKNODE_ROS_DISTRO;
#else
  return "no ROS";
#endif
}

}  // namespace hooknode
