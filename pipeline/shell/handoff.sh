# Packages go from a compile job to an upload job in packages/, with a manifest of one line each:
# <sha256> <bytes> <file> <package> <version> <architecture>
set -e

# With these, commands of the jobs would go elsewhere or pack the same files to other bytes.
unset CDPATH GREP_OPTIONS GZIP POSIXLY_CORRECT TAR_OPTIONS XZ_DEFAULTS XZ_OPT

fail() {
  echo "error: $*" >&2
  exit 1
}

write_manifest() (
  cd packages
  for file in *.deb; do
    [ -f "$file" ] || fail "there is no package in packages/"
    sum=$(sha256sum <"$file")
    size=$(wc -c <"$file")
    identity=$(dpkg-deb --show --showformat='${Package} ${Version} ${Architecture}' "$file")
    echo "${sum%% *} $size $file $identity"
  done >manifest
)

check_manifest() (
  [ -s packages/manifest ] || fail "packages/manifest is missing or empty: run the compile job again"
  while read -r sha256 size file _; do
    [ -f "packages/$file" ] || fail "packages/$file is in the manifest but was not handed over"
    actual_size=$(wc -c <"packages/$file")
    [ "$actual_size" -eq "$size" ] || fail "packages/$file has $actual_size bytes, the manifest says $size"
    actual_sha256=$(sha256sum <"packages/$file")
    [ "${actual_sha256%% *}" = "$sha256" ] || fail "packages/$file is not the file that was built: its SHA-256 differs from the manifest"
  done <packages/manifest
)
