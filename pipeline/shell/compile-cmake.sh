# Builds with CMake and CPack, as CMake 3.5 (xenial) can: with neither -S nor --parallel.
# Reads CODENAME, INSTALL_PREFIX, SOURCE_FOLDER and CCACHE_DIR.

compile_package() {
  set_build_date
  plan_revision "$@"
  source_ros
  export CMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH:+$CMAKE_PREFIX_PATH:}$INSTALL_PREFIX"
  version_suffix=${revision_suffix:-}${CODENAME:+~$CODENAME}
  mkdir -p build "$CCACHE_DIR"
  (
    cd build || exit
    # -B is for presets, whose binaryDir would win over the folder that cmake is in.
    cmake "../${SOURCE_FOLDER:-.}" -B"$PWD" \
      -DCMAKE_BUILD_TYPE=Release \
      -DCMAKE_INSTALL_PREFIX="$INSTALL_PREFIX" \
      -DCMAKE_C_COMPILER_LAUNCHER=ccache \
      -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
      -DCPACK_DEBIAN_PACKAGE_RELEASE="1$version_suffix" \
      "$@"
    cmake --build . --config Release -- -j"$(nproc)"
    make_packages
  )
  ccache --show-stats
}

# A package without CPack's configuration may have a target of its own that makes packages.
make_packages() {
  if [ -f CPackConfig.cmake ]; then
    write_cpack_config >cpack-here.cmake
    VERSION_SUFFIX=$version_suffix cpack --config cpack-here.cmake -C Release -G DEB
  else
    cmake --build . --config Release --target package
  fi
}

# cpack reads this file twice: first in place of CPackConfig.cmake, then as the project's own file for
# a generator, which may set everything again. CPACK_DEBIAN_PACKAGE_RELEASE is part of the version from
# CMake 3.10 on and CPACK_DEBIAN_PACKAGE_EPOCH known, so the version is given as a whole.
write_cpack_config() {
  cat <<'EOF'
if(NOT DEFINED config_of_project)
  include("${CMAKE_CURRENT_LIST_DIR}/CPackConfig.cmake")
  set(config_of_project "${CPACK_PROJECT_CONFIG_FILE}")
  set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_FILE}")
  return()
endif()
if(config_of_project)
  include("${config_of_project}")
endif()
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_CURRENT_LIST_DIR}")
set(CPACK_OUTPUT_FILE_PREFIX "${CMAKE_CURRENT_LIST_DIR}")
set(version "${CPACK_DEBIAN_PACKAGE_VERSION}")
if(NOT version)
  set(version "${CPACK_PACKAGE_VERSION}")
endif()
set(suffix "$ENV{VERSION_SUFFIX}")
string(REPLACE "+" "[+]" ending "${suffix}$")
if(NOT suffix OR NOT version MATCHES "${ending}")
  set(release "${CPACK_DEBIAN_PACKAGE_RELEASE}")
  if(NOT release)
    set(release 1)
  endif()
  if(suffix AND NOT release MATCHES "${ending}")
    set(release "${release}${suffix}")
  endif()
  set(version "${version}-${release}")
endif()
if(CPACK_DEBIAN_PACKAGE_EPOCH)
  set(version "${CPACK_DEBIAN_PACKAGE_EPOCH}:${version}")
endif()
set(CPACK_DEBIAN_PACKAGE_VERSION "${version}")
unset(CPACK_DEBIAN_PACKAGE_RELEASE)
unset(CPACK_DEBIAN_PACKAGE_EPOCH)
EOF
}
