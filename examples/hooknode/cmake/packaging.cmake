set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hooknode)
set(CPACK_PACKAGE_CONTACT "trunkline examples <examples@trunkline.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Turns samples into messages")
set(CPACK_PACKAGE_DESCRIPTION
  "Reads numbers and writes a line for each; with ROS, a message of the type std_msgs/Float64.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})

# The build gives the release, for example 1~bookworm.
if(NOT CPACK_DEBIAN_PACKAGE_RELEASE)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

# The CMake of Ubuntu 16.04 knows neither of the two, so the version carries the release itself.
if(CMAKE_VERSION VERSION_LESS 3.6)
  set(CPACK_DEBIAN_PACKAGE_VERSION "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")
  set(CPACK_PACKAGE_FILE_NAME "hooknode_${CPACK_DEBIAN_PACKAGE_VERSION}")
endif()

include(CPack)
