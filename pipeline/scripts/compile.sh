# Builds with CMake and CPack. Reads CODENAME, INSTALL_PREFIX and CCACHE_DIR.

# Not every builder image carries ROS.
source_ros() {
  for setup in /opt/ros/*/setup.sh; do
    [ ! -f "$setup" ] || . "$setup"
  done
}

# A rebuild must give the same bytes, since aptly refuses a version that it has with other content.
# A commit to the pipeline alone changes no package, so it does not count.
set_build_date() {
  SOURCE_DATE_EPOCH=$(git -c safe.directory='*' log -1 --format=%ct -- . ':(exclude).gitlab-ci.yml')
  export SOURCE_DATE_EPOCH
}

compile_package() {
  set_build_date
  source_ros
  export CMAKE_PREFIX_PATH="${CMAKE_PREFIX_PATH:+$CMAKE_PREFIX_PATH:}$INSTALL_PREFIX"
  mkdir -p "$CCACHE_DIR"
  cmake -Bbuild . \
    -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_INSTALL_PREFIX="$INSTALL_PREFIX" \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache \
    -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCPACK_DEBIAN_PACKAGE_RELEASE="1~$CODENAME" \
    "$@"
  make -C build -j"$(nproc)"
  make -C build package
  ccache --show-stats
}

# One pool holds every distribution, so a file's name must carry the version with its codename,
# whatever name CPack chose.
collect_packages() {
  rm -rf packages
  mkdir packages
  for built in build/*.deb; do
    [ -f "$built" ] || fail "make package left no build/*.deb: does CPACK_GENERATOR contain DEB?"
    version=$(dpkg-deb --field "$built" Version)
    case $version in
      *"~$CODENAME") ;;
      *) fail "$built has the version $version, which does not end in ~$CODENAME: let it end in CPACK_DEBIAN_PACKAGE_RELEASE" ;;
    esac
    name=$(dpkg-deb --show --showformat='${Package}_${Version}_${Architecture}' "$built" | sed 's/_[0-9]*:/_/')
    [ ! -e "packages/$name.deb" ] || fail "two packages are called $name"
    cp "$built" "packages/$name.deb"
  done
  write_manifest
  cat packages/manifest
}
