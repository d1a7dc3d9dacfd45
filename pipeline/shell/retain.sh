# Removes old versions of what the job uploads from APT_REPOSITORY. Reads KEEP_VERSIONS.

# In one call, which aptly carries out as a whole or not at all.
remove_old_versions() (
  keys=$(mktemp)
  body=$(mktemp)
  trap 'rm -f "$keys" "$body"' EXIT
  while read -r _ _ _ package _ architecture; do
    list_old_keys "$package" "$architecture"
  done <packages/manifest >"$keys"
  [ -s "$keys" ] || exit 0
  jq --raw-input --slurp '{PackageRefs: (split("\n") - [""])}' <"$keys" >"$body"
  request DELETE "$APTLY_URL/repos/$APT_REPOSITORY/packages" \
    --header 'Content-Type: application/json' --data "@$body" >/dev/null
  while read -r architecture package version _; do
    echo "removed $package $version (${architecture#P}) from $APT_REPOSITORY, for KEEP_VERSIONS is $KEEP_VERSIONS"
  done <"$keys"
)

# list_old_keys PACKAGE ARCHITECTURE prints aptly's keys: P<architecture> <package> <version> <hash>
# The query only narrows: for aptly "all" is part of every architecture, so the keys decide.
list_old_keys() (
  found=$(
    request GET "$APTLY_URL/repos/$APT_REPOSITORY/packages" --get --data-urlencode "q=Name (= $1)"
  )
  keys=$(
    printf '%s\n' "$found" | jq --raw-output --arg start "P$2 $1 " '.[] | select(startswith($start))'
  )
  old=$(printf '%s\n' "$keys" | cut -d ' ' -f 3 | without_newest "$KEEP_VERSIONS")
  printf '%s\n' "$keys" | while read -r key_architecture _ version hash; do
    printf '%s\n' "$old" | grep --quiet --fixed-strings --line-regexp -e "$version" || continue
    if is_uploaded "$1 $version $2"; then
      echo "kept $1 $version ($2), which this job uploads, although $KEEP_VERSIONS newer ones are there" >&2
    else
      echo "$key_architecture $1 $version $hash"
    fi
  done
)

is_uploaded() {
  cut -d ' ' -f 4- packages/manifest | grep --quiet --fixed-strings --line-regexp -e "$1"
}

# without_newest COUNT reads versions, one a line, and prints all but the newest in Debian's order.
without_newest() (
  versions=$(cat)
  kept=0
  while [ "$kept" -lt "$1" ] && [ -n "$versions" ]; do
    newest=$(printf '%s\n' "$versions" | find_newest)
    [ -n "$newest" ] || exit 1
    versions=$(printf '%s\n' "$versions" | awk -v newest="$newest" '$0 "" != newest ""')
    kept=$((kept + 1))
  done
  printf '%s\n' "$versions"
)

find_newest() (
  newest=
  while read -r version; do
    if [ -z "$newest" ] || dpkg --compare-versions "$version" gt "$newest"; then newest=$version; fi
  done
  echo "$newest"
)
