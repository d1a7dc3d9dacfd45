# What every build has in common: ROS, and the hand-over of what was built.
# Reads CODENAME, which is empty when one file is for every distribution, and ROS_DISTRO.

# Where ROS has a folder for each of its own distributions.
ros_folder=${ROS_FOLDER:-/opt/ros}

# Not every builder image carries ROS. Its set-up files go on after commands that fail, and return a
# status when they give up. They read variables that nothing has set, so no script here may set -u.
source_ros() {
  ros_setup=$(find_ros_setup)
  [ -n "$ros_setup" ] || return 0
  echo "building with ROS: $ros_setup"
  set +e
  . "$ros_setup"
  ros_status=$?
  set -e
  [ "$ros_status" -eq 0 ] || fail "$ros_setup returned $ros_status"
}

# A build that mixes two distributions of ROS takes headers from one and libraries from the other.
find_ros_setup() (
  set -- "$ros_folder"/*/setup.sh
  if [ "$#" -gt 1 ]; then
    [ -f "$ros_folder/$ROS_DISTRO/setup.sh" ] ||
      fail "the image has several distributions of ROS ($*): let the variable ROS_DISTRO name the one to build with"
    set -- "$ros_folder/$ROS_DISTRO/setup.sh"
  fi
  if [ -f "$1" ]; then
    echo "$1"
    exit 0
  fi
  for other in "$ros_folder"/*/setup.bash; do
    [ ! -f "$other" ] || fail "$other has no setup.sh beside it, and not every job has bash to read it"
  done
)

collect_packages() {
  rm -rf packages
  mkdir packages
  for built in build/*.deb; do
    [ -f "$built" ] || fail "the build left no build/*.deb. $(tell_what_is_there)"
    is_handed_over "$built" || continue
    check_package "$built"
    settle_package "$built"
    name=$(dpkg-deb --show --showformat='${Package}_${Version}_${Architecture}' "$built" | sed 's/_[0-9]*:/_/')
    [ ! -e "packages/$name.deb" ] || fail "two packages are called $name"
    cp "$built" "packages/$name.deb"
    record_build "packages/$name.deb"
  done
  [ -n "$(ls packages)" ] || refuse_other_architecture
  write_manifest
  cat packages/manifest*
}

# Reads ALL_PACKAGES_FROM and BUILD_ARCHITECTURE. As in Debian, one architecture builds what is for all:
# what two of them build may differ, and a pool has one name for both.
is_handed_over() (
  [ -n "${ALL_PACKAGES_FROM:-}" ] || exit 0
  [ "$(dpkg-deb --field "$1" Architecture)" = all ] || exit 0
  echo "$1 is for all architectures: the job of $ALL_PACKAGES_FROM hands it over"
  exit 1
)

refuse_other_architecture() {
  fail "nothing was built for $BUILD_ARCHITECTURE, only for all architectures: set the package's architecture to all, or take $BUILD_ARCHITECTURE from its architectures"
}

# Names packages that lie elsewhere, or what the build left in its folder.
tell_what_is_there() (
  elsewhere=$(find . -name '*.deb' ! -path './build/*' ! -path './.git/*' | head -n 10 | paste -s -d ' ')
  deeper=$(find build -mindepth 2 -name '*.deb' ! -path '*/_CPack_Packages/*' | head -n 10 | paste -s -d ' ')
  if [ -n "$elsewhere$deeper" ]; then
    echo "Packages are in $deeper $elsewhere: let the build put them into build/"
  else
    echo "It has: $(cd build 2>/dev/null && find . -mindepth 1 -maxdepth 1 | LC_ALL=C sort | head -n 20 | paste -s -d ' '). Is CPack included, or a package in debian/control?"
  fi
)

# One pool holds every distribution: a file that differs from one to the other needs a name of its
# own in each, and only one that does not differ may have the same name in all.
check_package() (
  architecture=$(dpkg-deb --field "$1" Architecture)
  version=$(dpkg-deb --field "$1" Version)
  if [ -z "$CODENAME" ]; then
    [ "$architecture" = all ] ||
      fail "$1 is built for $architecture, so it cannot serve every distribution: let CPACK_DEBIAN_PACKAGE_ARCHITECTURE or debian/control say all, or set the package's architecture to any"
  fi
  suffix=${revision_suffix:-}${CODENAME:+~$CODENAME}
  case $version in
    *"$suffix") ;;
    *) fail "$1 has the version $version, which does not end in $suffix: let the build take it from CPACK_DEBIAN_PACKAGE_RELEASE or from debian/changelog" ;;
  esac
)
