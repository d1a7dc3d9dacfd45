# Tells what of the manifest APT_REPOSITORY holds already, so that only what is new goes there. Reads
# STRICT_VERSIONS, and work, a folder for files of the moment.

# sort_manifest FOLDER writes two lists like the manifest: new, what is to be added, and wanted, what
# the index should have in the end, which for a version that stays is the file that is there.
sort_manifest() (
  : >"$1/new"
  : >"$1/wanted"
  while read -r sha256 size file package version architecture; do
    list_held "$package" "$architecture" >"$1/held"
    held=$(select_version "$version" <"$1/held")
    held_file=$(printf '%s\n' "$held" | cut -f 2,3 | tr '\t' ' ')
    if [ -z "$held" ]; then
      refuse_other_spelling "$package" "$version" "$1/held"
      held_file="$sha256 $size"
      echo "$sha256 $size $file $package $version $architecture" >>"$1/new"
    elif [ "${held_file% *}" != "$sha256" ]; then
      compare_with_held "$file" "$package" "$version" "$architecture" "$held"
    fi
    echo "$held_file $file $package $version $architecture" >>"$1/wanted"
  done <packages/manifest
)

# list_held PACKAGE ARCHITECTURE prints version, SHA-256, bytes, aptly's key and what the build recorded.
list_held() (
  found=$(
    request GET "$APTLY_URL/repos/$APT_REPOSITORY/packages" --get --data format=details \
      --data-urlencode "q=Name (= $1)"
  )
  printf '%s\n' "$found" | jq --raw-output --arg package "$1" --arg architecture "$2" '
    .[] | select(.Package == $package and .Architecture == $architecture)
    | [.Version, .SHA256, .Size, .Key, .["Trunkline-Sources"] // "", .["Trunkline-Built-With"] // ""] | @tsv'
)

# For Debian 1.0 and 1.00 are one version: apt would take the file of either for the other.
refuse_other_spelling() (
  cut -f 1 "$3" | while read -r other; do
    ! dpkg --compare-versions "$2" eq "$other" ||
      fail "$APT_REPOSITORY has $1 $other, which for Debian is the version $2 too: raise the version"
  done
)

# compare_with_held FILE PACKAGE VERSION ARCHITECTURE HELD decides about a version that is there as
# another file. It stays where nothing of the package's sources changed, or nothing that it installs.
compare_with_held() (
  name="$2 $3 ($4)"
  sources=$(printf '%s\n' "$5" | cut -f 5)
  used=$(printf '%s\n' "$5" | cut -f 6)
  own_sources=$(dpkg-deb --field "packages/$1" Trunkline-Sources)
  own_used=$(dpkg-deb --field "packages/$1" Trunkline-Built-With)
  if [ "${STRICT_VERSIONS:-}" = true ]; then
    fail "$APT_REPOSITORY has $name with other content: raise the version, or do without strictVersions"
  elif [ -n "$own_sources" ] && [ "$sources $used" = "$own_sources $own_used" ]; then
    echo "note: $APT_REPOSITORY has $name from the same sources, as another file. It stays; to publish what this pipeline built, raise the version."
  elif has_published_content "$@"; then
    echo "note: $APT_REPOSITORY has $name with the same content but dates and documentation. It stays; to publish what this pipeline built, raise the version."
  elif [ -n "$own_used" ] && [ "$sources" = "$own_sources" ]; then
    # The next build must see it, or it would take the same revision again.
    publish
    fail "$APT_REPOSITORY has $name built with ${used:-nothing}, this one was built with $own_used: run the compile job again, which takes the next revision"
  else
    fail "$APT_REPOSITORY has $name with other content: raise the version"
  fi
)

# has_published_content FILE PACKAGE VERSION ARCHITECTURE HELD. It is a condition, so it does not stop
# at what fails by itself.
has_published_content() (
  index=$(request GET "$(index_url "$4")" --header 'Cache-Control: no-cache') || exit
  entry=$(printf '%s\n' "$index" | list_entries "$2" "$4" | select_version "$3")
  [ "$(printf '%s\n' "$entry" | cut -f 2)" = "$(printf '%s\n' "$5" | cut -f 2)" ] || exit
  path=$(printf '%s\n' "$entry" | cut -f 3)
  request GET "$(file_url "$path")" >"${work:?}/held.deb" || exit
  describe_content "$work/held.deb" >"$work/held" || exit
  describe_content "packages/$1" >"$work/built" || exit
  cmp -s "$work/held" "$work/built"
)

# What a package brings to a machine: its fields, scripts and files, without dates and documentation.
describe_content() (
  tree=$work/tree
  rm -rf "$tree" && dpkg-deb --raw-extract "$1" "$tree" || exit
  sed -E '/^(Trunkline-[A-Za-z-]+|Installed-Size):/d' "$tree/DEBIAN/control"
  rm -f "$tree/DEBIAN/control" "$tree/DEBIAN/md5sums"
  dpkg-deb --fsys-tarfile "$1" >"$work/files.tar" || exit
  tar --list --verbose --numeric-owner --file "$work/files.tar" >"$work/files" || exit
  awk '{ $3 = $4 = $5 = ""; print }' "$work/files" | without_documentation | sort
  (cd "$tree" && find . -type f -exec sha256sum {} +) >"$work/sums" || exit
  without_documentation <"$work/sums" | sort
)

without_documentation() {
  sed -E '/\/share\/(doc|man|info)\//d'
}
