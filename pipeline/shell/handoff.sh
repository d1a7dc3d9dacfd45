# Packages go from a compile job to an upload job in packages/, with a manifest of one line each:
# <sha256> <bytes> <file> <package> <version> <architecture>
set -e

# With these, commands of the jobs would go elsewhere or pack the same files to other bytes.
unset CDPATH GREP_OPTIONS GZIP POSIXLY_CORRECT TAR_OPTIONS XZ_DEFAULTS XZ_OPT

fail() {
  echo "error: $*" >&2
  exit 1
}

# An image of several platforms is whatever the machine is, which would build the wrong packages then.
check_architecture() (
  [ -n "${BUILD_ARCHITECTURE:-}" ] || exit 0
  actual=$(dpkg --print-architecture)
  [ "$actual" = "$BUILD_ARCHITECTURE" ] ||
    fail "this job is for $BUILD_ARCHITECTURE but runs on $actual: let the runner that took it say architecture: $actual, or let the image have the platform of $BUILD_ARCHITECTURE"
)

write_manifest() (
  cd packages
  for file in *.deb; do
    [ -f "$file" ] || fail "there is no package in packages/"
    sum=$(sha256sum <"$file")
    size=$(wc -c <"$file")
    identity=$(dpkg-deb --show --showformat='${Package} ${Version} ${Architecture}' "$file")
    echo "${sum%% *} $size $file $identity"
  done >manifest
  [ -z "${BUILD_ARCHITECTURE:-}" ] || mv manifest "manifest.$BUILD_ARCHITECTURE"
)

# Each architecture's job hands over a manifest of its own, and all of them must be there.
merge_manifests() (
  [ -n "${PACKAGES_FROM:-}" ] || exit 0
  for source in $PACKAGES_FROM; do
    [ -s "packages/manifest.$source" ] ||
      fail "packages/manifest.$source is missing or empty: run the compile job of $source again"
    cat "packages/manifest.$source"
  done >packages/manifest
  twice=$(cut -d ' ' -f 3 packages/manifest | sort | uniq -d | paste -s -d ' ')
  [ -z "$twice" ] || fail "several compile jobs hand over $twice: build it for one architecture alone"
)

check_manifest() (
  merge_manifests
  [ -s packages/manifest ] || fail "packages/manifest is missing or empty: run the compile job again"
  while read -r sha256 size file _; do
    [ -f "packages/$file" ] || fail "packages/$file is in the manifest but was not handed over"
    actual_size=$(wc -c <"packages/$file")
    [ "$actual_size" -eq "$size" ] || fail "packages/$file has $actual_size bytes, the manifest says $size"
    actual_sha256=$(sha256sum <"packages/$file")
    [ "${actual_sha256%% *}" = "$sha256" ] || fail "packages/$file is not the file that was built: its SHA-256 differs from the manifest"
  done <packages/manifest
)
