# Adds the packages of the manifest to APT_REPOSITORY, publishes and reads back what apt would see.
# Reads KEEP_VERSIONS, UPLOAD_DIRECTORY, PUBLISH_SEGMENTS, PUBLISH_PREFIX, PUBLISH_COMPONENT,
# PUBLISH_ARCHITECTURES, PUBLISH_SIGNING_KEY, CODENAME and APT_URL.

upload_packages() (
  check_settings
  check_manifest
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  send_files
  add_to_repository
  check_repository
  [ -z "${KEEP_VERSIONS:-}" ] || remove_old_versions
  publish
  check_publication
  print_result
)

check_settings() {
  for name in APTLY_URL APTLY_USERNAME APTLY_PASSWORD APT_URL; do
    eval "value=\${$name:-}"
    [ -n "$value" ] ||
      fail "$name is empty: define it as a CI/CD variable (a protected one reaches protected branches only)"
  done
  APTLY_URL=${APTLY_URL%/} APT_URL=${APT_URL%/}
}

clean_up() {
  code=$?
  trap - EXIT
  request DELETE "$APTLY_URL/files/$UPLOAD_DIRECTORY" >/dev/null ||
    echo "warning: the upload directory $UPLOAD_DIRECTORY stays on the aptly server" >&2
  exit "$code"
}

# A repeated upload writes the same file again, in a directory that is this job's own.
send_files() (
  while read -r _ _ file _; do
    stored=$(request POST "$APTLY_URL/files/$UPLOAD_DIRECTORY" --form "file=@packages/$file")
    printf '%s\n' "$stored" | jq --exit-status --arg path "$UPLOAD_DIRECTORY/$file" 'index($path)' >/dev/null ||
      fail "aptly did not store $file, it answered: $stored"
  done <packages/manifest
)

# With noRemove the files stay until clean_up, so that adding may be repeated. aptly answers 200 even
# when it refuses files.
add_to_repository() (
  report=$(request POST "$APTLY_URL/repos/$APT_REPOSITORY/file/$UPLOAD_DIRECTORY?noRemove=1")
  printf '%s\n' "$report" | jq --exit-status '(.FailedFiles // []) == []' >/dev/null && exit 0
  printf '%s\n' "$report" | jq --raw-output '.FailedFiles[], (.Report.Warnings // [])[]' >&2
  fail "aptly refused these files. If a version is there with other content, raise the version"
)

check_repository() (
  while read -r sha256 _ _ package version architecture; do
    found=$(
      request GET "$APTLY_URL/repos/$APT_REPOSITORY/packages" --get --data format=details \
        --data-urlencode "q=$package (= $version) {$architecture}"
    )
    actual=$(printf '%s\n' "$found" | jq --raw-output '.[].SHA256')
    [ "$actual" = "$sha256" ] || remove_from_repository "$found"
    [ "$actual" = "$sha256" ] ||
      fail "$APT_REPOSITORY should hold $package $version ($architecture) with SHA-256 $sha256, it has: ${actual:-nothing}"
  done <packages/manifest
)

# A file that was damaged on the way to aptly must not wait for the next job to publish it.
remove_from_repository() (
  references=$(printf '%s\n' "$1" | jq --compact-output '{PackageRefs: [.[].Key // empty]}')
  [ "$references" != '{"PackageRefs":[]}' ] || exit 0
  request DELETE "$APTLY_URL/repos/$APT_REPOSITORY/packages" \
    --header 'Content-Type: application/json' --data "$references" >/dev/null
)

publish() (
  settings=$(
    jq --null-input --compact-output --arg key "${PUBLISH_SIGNING_KEY:-}" \
      '{Signing: ({Batch: true} + if $key == "" then {} else {GpgKey: $key} end)}'
  )
  request PUT "$APTLY_URL/publish/$PUBLISH_SEGMENTS" \
    --header 'Content-Type: application/json' --data "$settings" >/dev/null
)

check_publication() (
  while read -r sha256 size _ package version architecture; do
    [ "$architecture" != all ] || architecture=${PUBLISH_ARCHITECTURES%% *}
    index=$(request GET "$(index_url "$architecture")" --header 'Cache-Control: no-cache')
    entry=$(printf '%s\n' "$index" | find_entry "$package" "$version")
    actual=${entry%% *}
    [ "$actual" = "$sha256" ] ||
      fail "$(index_url "$architecture") should list $package $version with SHA-256 $sha256, it has: ${actual:-nothing}"
    check_pool "${entry#* }" "$size"
  done <packages/manifest
)

check_pool() (
  headers=$(request HEAD "$(published_url)/$1" --head --header 'Cache-Control: no-cache' | tr -d '\r')
  printf '%s\n' "$headers" | grep --quiet --ignore-case "^content-length: $2\$" ||
    fail "$(published_url)/$1 should have $2 bytes. The index names it, but the published file is another"
)

published_url() {
  echo "$APT_URL${PUBLISH_PREFIX:+/$PUBLISH_PREFIX}"
}

index_url() {
  echo "$(published_url)/dists/$CODENAME/$PUBLISH_COMPONENT/binary-$1/Packages"
}

# Prints the SHA-256 of a package in an index, and the path of its file.
find_entry() {
  awk -v package="$1" -v version="$2" '
    /^Package: / { name = $2; found = ""; sum = ""; file = "" }
    /^Version: / { found = $2 }
    /^Filename: / { file = $2 }
    /^SHA256: / { sum = $2 }
    /^$/ { report() }
    END { report() }
    function report() { if (name == package && found == version) print sum, file; name = "" }
  '
}

print_result() (
  while read -r sha256 size _ package version architecture; do
    echo "published $package $version ($architecture, $size bytes, SHA-256 $sha256)"
    echo "  in $APT_REPOSITORY, as ${PUBLISH_PREFIX:+$PUBLISH_PREFIX/}$CODENAME $PUBLISH_COMPONENT at $APT_URL"
  done <packages/manifest
)
