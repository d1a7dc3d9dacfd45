# Builds with the packaging in debian/. Reads CODENAME, SOURCE_FOLDER and CCACHE_DIR.

compile_package() {
  folder=${SOURCE_FOLDER:-.}
  [ -f "$folder/debian/changelog" ] ||
    fail "there is no ${SOURCE_FOLDER:+$SOURCE_FOLDER/}debian/changelog: add packaging in debian/, name its folder by sourceFolder, or set the package's buildSystem to cmake"
  set_build_date
  plan_revision
  source_ros
  copy_source
  mkdir -p build "$CCACHE_DIR"
  (
    cd ".debian-build/source/$folder" || exit
    [ -z "${revision_suffix:-}$CODENAME" ] || add_changelog_entry
    build_package
  )
  take_packages ".debian-build/source/$folder"
  ccache --show-stats
}

# dpkg-buildpackage leaves packages in the folder above the source, which here may be other jobs' too.
copy_source() {
  rm -rf .debian-build
  mkdir -p .debian-build/source
  find . -mindepth 1 -maxdepth 1 ! -name .debian-build ! -name "${CCACHE_DIR##*/}" \
    -exec cp --archive --target-directory .debian-build/source {} +
}

# The options are those that the dpkg of every release from xenial on knows. Symbols for debuggers
# are not built: they would be most of the pool.
build_package() {
  only_any=
  if [ -n "${ALL_PACKAGES_FROM:-}" ]; then
    only_any=-B
    sed -n 's/^Architecture:[[:space:]]*//p' debian/control | grep --quiet --invert-match --line-regexp all ||
      refuse_other_architecture
  fi
  dpkg-checkbuilddeps $only_any ||
    fail "the builder image lacks what debian/control builds with: add it to the package's buildDepends, or to uses what is a package of the stack"
  options="parallel=$(nproc) noautodbgsym"
  export DEB_BUILD_OPTIONS="$options${DEB_BUILD_OPTIONS:+ $DEB_BUILD_OPTIONS}"
  PATH="/usr/lib/ccache:$PATH" dpkg-buildpackage "${only_any:--b}" -us -uc
}

# debian/files names what was built; it lies above the folder that has debian/.
take_packages() (
  while read -r file _; do
    case $file in
      *.deb) mv "$1/../$file" build/ ;;
    esac
  done <"$1/debian/files"
)

add_changelog_entry() {
  name=$(dpkg-parsechangelog --show-field Source)
  version=$(dpkg-parsechangelog --show-field Version)
  maintainer=$(dpkg-parsechangelog --show-field Maintainer)
  version=$version$revision_suffix${CODENAME:+~$CODENAME}
  distribution=${CODENAME:-$(dpkg-parsechangelog --show-field Distribution)}
  {
    printf '%s (%s) %s; urgency=medium\n\n' "$name" "$version" "$distribution"
    printf '  * Build for %s.\n\n' "$distribution"
    printf ' -- %s  %s\n\n' "$maintainer" "$(date --utc --date "@$SOURCE_DATE_EPOCH" -R)"
    cat debian/changelog
  } >debian/changelog.new
  mv debian/changelog.new debian/changelog
}
