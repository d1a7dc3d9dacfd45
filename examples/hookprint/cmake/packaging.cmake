set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hookprint)
set(CPACK_PACKAGE_CONTACT "trunkline examples <examples@trunkline.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Prints a sensor's samples as a table")
set(CPACK_PACKAGE_DESCRIPTION "Prints how many samples a sensor has given, and their mean.")
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})

# The build gives the release, for example 1~trixie.
if(NOT CPACK_DEBIAN_PACKAGE_RELEASE)
  set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)

include(CPack)
