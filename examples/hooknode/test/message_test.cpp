#include <iostream>
#include <string>

#include "message.hpp"
#include "ros.hpp"

int main() {
#ifdef HOOKNODE_ROS_DISTRO
  const std::string expected = "{data: 20.5}";
#else
  const std::string expected = "20.5";
#endif
  if (hooknode::toMessage(20.5) == expected) return 0;
  std::cerr << "a sample becomes " << hooknode::toMessage(20.5) << "\n";
  return 1;
}
