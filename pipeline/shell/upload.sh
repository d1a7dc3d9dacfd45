# Adds the packages of the manifest to APT_REPOSITORY, publishes and reads back what apt would see.
# What is published already is left as it is.
# Reads KEEP_VERSIONS, UPLOAD_DIRECTORY, PUBLISH_SEGMENTS, PUBLISH_PREFIX, PUBLISH_COMPONENT,
# PUBLISH_ARCHITECTURES, PUBLISH_SIGNING_KEY, CODENAME and APT_URL.

upload_packages() (
  check_settings
  check_manifest
  create_folder
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  check_architectures
  sort_manifest "$work"
  if [ -s "$work/new" ]; then
    send_files
    add_to_repository
    check_repository
  fi
  [ -z "${KEEP_VERSIONS:-}" ] || remove_old_versions
  if [ ! -s "$work/new" ] && is_published; then
    print_result "already published"
  else
    publish
    check_publication
    print_result published
  fi
)

check_settings() {
  for name in APTLY_URL APTLY_USERNAME APTLY_PASSWORD APT_URL; do
    eval "value=\${$name:-}"
    [ -n "$value" ] ||
      fail "$name is empty: define it as a CI/CD variable (a protected one reaches protected branches only)"
  done
  APTLY_URL=${APTLY_URL%/} APT_URL=${APT_URL%/}
}

create_folder() {
  work=$(mktemp -d)
}

clean_up() {
  code=$?
  trap - EXIT
  [ ! -s "$work/new" ] || request DELETE "$APTLY_URL/files/$UPLOAD_DIRECTORY" >/dev/null ||
    echo "warning: the upload directory $UPLOAD_DIRECTORY stays on the aptly server" >&2
  rm -rf "$work"
  exit "$code"
}

# aptly keeps a package of another architecture and publishes it nowhere.
check_architectures() (
  publications=$(request GET "$APTLY_URL/publish")
  published=$(
    printf '%s\n' "$publications" | jq --raw-output --arg segments "$PUBLISH_SEGMENTS" '
      def escaped: split("_") | join("__") | split("/") | join("_") | if . == "." then ":." else . end;
      .[]
      | select(((if .Storage == "" then "" else .Storage + ":" end) + .Prefix | escaped)
          + "/" + (.Distribution | escaped) == $segments)
      | .Architectures | join(" ")'
  )
  [ -n "$published" ] ||
    fail "aptly publishes nothing as ${PUBLISH_PREFIX:+$PUBLISH_PREFIX/}$CODENAME: run pulumi up"
  while read -r _ _ file _ _ architecture; do
    case " $published all " in
      *" $architecture "*) ;;
      *) fail "$file is for $architecture, but $CODENAME is published for $published: add $architecture to apt.architectures of the stack" ;;
    esac
  done <packages/manifest
)

# A repeated upload writes the same file again, in a directory that is this job's own.
send_files() (
  while read -r _ _ file _; do
    stored=$(request POST "$APTLY_URL/files/$UPLOAD_DIRECTORY" --form "file=@packages/$file")
    printf '%s\n' "$stored" | jq --exit-status --arg path "$UPLOAD_DIRECTORY/$file" 'index($path)' >/dev/null ||
      fail "aptly did not store $file, it answered: $stored"
  done <"$work/new"
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
    held=$(list_held "$package" "$architecture" | select_version "$version")
    actual=$(printf '%s\n' "$held" | cut -f 2)
    [ "$actual" = "$sha256" ] || remove_from_repository "$held"
    [ "$actual" = "$sha256" ] ||
      fail "$APT_REPOSITORY should hold $package $version ($architecture) with SHA-256 $sha256, it has: ${actual:-nothing}"
  done <"$work/new"
)

# A file that was damaged on the way to aptly must not wait for the next job to publish it.
remove_from_repository() (
  keys=$(printf '%s\n' "$1" | cut -f 4)
  [ -n "$keys" ] || exit 0
  body=$(printf '%s\n' "$keys" | jq --raw-input --slurp '{PackageRefs: (split("\n") - [""])}')
  request DELETE "$APTLY_URL/repos/$APT_REPOSITORY/packages" \
    --header 'Content-Type: application/json' --data "$body" >/dev/null
)

publish() (
  settings=$(
    jq --null-input --compact-output --arg key "${PUBLISH_SIGNING_KEY:-}" \
      '{Signing: ({Batch: true} + if $key == "" then {} else {GpgKey: $key} end)}'
  )
  request PUT "$APTLY_URL/publish/$PUBLISH_SEGMENTS" \
    --header 'Content-Type: application/json' --data "$settings" >/dev/null
)

# Whether the index lists of the manifest's packages what the repository holds, old versions included:
# an upload that ended before it published has left something to do.
is_published() (
  while read -r _ _ _ package _ architecture; do
    list_held "$package" "$architecture" | cut -f 1,2 | sort >"$work/held"
    index=$(request GET "$(index_url "$architecture")" --header 'Cache-Control: no-cache') || exit
    printf '%s\n' "$index" | list_entries "$package" "$architecture" | cut -f 1,2 | sort >"$work/listed"
    cmp -s "$work/held" "$work/listed" || exit 1
  done <packages/manifest
  check_publication
)

check_publication() (
  while read -r sha256 size _ package version architecture; do
    url=$(index_url "$architecture")
    index=$(request GET "$url" --header 'Cache-Control: no-cache')
    entry=$(printf '%s\n' "$index" | list_entries "$package" "$architecture" | select_version "$version")
    actual=$(printf '%s\n' "$entry" | cut -f 2)
    [ "$actual" = "$sha256" ] ||
      fail "$url should list $package $version with SHA-256 $sha256, it has: ${actual:-nothing}"
    check_pool "$(printf '%s\n' "$entry" | cut -f 3)" "$size" || exit
  done <"$work/wanted"
)

check_pool() (
  headers=$(request HEAD "$(file_url "$1")" --head --header 'Cache-Control: no-cache' | tr -d '\r')
  printf '%s\n' "$headers" | grep --quiet --ignore-case "^content-length: $2\$" ||
    fail "$(file_url "$1") should have $2 bytes. The index names it, but the published file is another"
)

published_url() {
  echo "$APT_URL${PUBLISH_PREFIX:+/$PUBLISH_PREFIX}"
}

# Storages of Amazon's kind read a plus in a path as a blank.
file_url() {
  echo "$(published_url)/$(printf '%s\n' "$1" | sed 's/+/%2B/g')"
}

# Every index lists packages that are for all architectures.
index_url() {
  [ "$1" = all ] && set -- "${PUBLISH_ARCHITECTURES%% *}"
  echo "$(published_url)/dists/$CODENAME/$PUBLISH_COMPONENT/binary-$1/Packages"
}

# list_entries PACKAGE ARCHITECTURE reads an index and prints version, SHA-256 and the path of each file.
list_entries() {
  awk -v package="$1" -v architecture="$2" '
    /^Package: / { name = $2 }
    /^Version: / { version = $2 }
    /^Architecture: / { built_for = $2 }
    /^Filename: / { file = $2 }
    /^SHA256: / { sum = $2 }
    /^$/ { report() }
    END { report() }
    function report() {
      if (name "" == package "" && built_for "" == architecture "") print version "\t" sum "\t" file
      name = ""
    }
  '
}

# Reads lines that begin with a version. awk would take 1e3 and 1000 for one number.
select_version() {
  awk -F '\t' -v version="$1" '$1 "" == version ""'
}

print_result() (
  while read -r sha256 size _ package version architecture; do
    echo "$1 $package $version ($architecture, $size bytes, SHA-256 $sha256)"
    echo "  in $APT_REPOSITORY, as ${PUBLISH_PREFIX:+$PUBLISH_PREFIX/}$CODENAME $PUBLISH_COMPONENT at $APT_URL"
  done <"$work/wanted"
)
