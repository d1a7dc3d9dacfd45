# Builds with CMake and CPack. Reads CODENAME, INSTALL_PREFIX and CCACHE_DIR.

compile_package() {
  set_build_date
  plan_revision "$@"
  source_ros
  export CMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH:+$CMAKE_PREFIX_PATH:}$INSTALL_PREFIX"
  mkdir -p "$CCACHE_DIR"
  cmake -Bbuild . \
    -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$INSTALL_PREFIX" \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCPACK_DEBIAN_PACKAGE_RELEASE="1${revision_suffix:-}${CODENAME:+~$CODENAME}" \
    "$@"
  make -C build -j"$(nproc)"
  make -C build package
  ccache --show-stats
}
