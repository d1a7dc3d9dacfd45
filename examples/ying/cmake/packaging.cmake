set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ying)
# CMake before 3.12 would take 0.1.1.
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "trunkline examples <examples@trunkline.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Signal statistics over a sliding window")
set(CPACK_PACKAGE_DESCRIPTION
  "A ring buffer of the newest samples with their mean, deviation and extremes. This package holds the shared library, its headers and its CMake package.")
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})

# Lets dpkg-shlibdeps turn a link with libying.so.1 into a dependency on this package.
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")

# The build gives the release, for example 1~bookworm. CMake before 3.10 leaves it out of the version;
# trunkline's jobs put it there on every CMake.
if(NOT CPACK_DEBIAN_PACKAGE_RELEASE)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

# The CMake of Ubuntu 16.04 does not generate it.
if(CMAKE_VERSION VERSION_LESS 3.6)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/shlibs" "libying ${PROJECT_VERSION_MAJOR} ying (>= ${PROJECT_VERSION})\n")
  set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_BINARY_DIR}/shlibs")
endif()

include(CPack)
