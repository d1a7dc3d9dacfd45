set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hooknode)
# CMake before 3.12 would take 0.1.1.
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
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

# The build gives the release, for example 1~bookworm. CMake before 3.10 leaves it out of the version;
# trunkline's jobs put it there on every CMake.
if(NOT CPACK_DEBIAN_PACKAGE_RELEASE)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

include(CPack)
