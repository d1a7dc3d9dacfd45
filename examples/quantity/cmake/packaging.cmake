set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME quantity)
set(CPACK_PACKAGE_CONTACT "trunkline examples <examples@trunkline.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Numbers that know their unit")
set(CPACK_PACKAGE_DESCRIPTION
  "C++ headers for quantities whose units the compiler checks, and their CMake package.")
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# One file for every distribution and machine.
set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})

# The build gives the release.
if(NOT CPACK_DEBIAN_PACKAGE_RELEASE)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

include(CPack)
