# Records in each package what it was built from, and finds the revision of a rebuild by what was
# recorded before. Reads INSTALL_PREFIX, SOURCE_FOLDER, and used_packages and own_source of uses.sh.

# plan_revision ARGUMENT... is called before a build, with what the build is told. It sets
# revision_suffix for the version: nothing, or +r2 and so on where the published packages of the same
# sources were built with other packages of the team's.
plan_revision() {
  recorded_sources=$(digest_sources "$@")
  recorded_used=$(describe_used)
  revision_suffix=
  [ -n "$recorded_sources" ] && [ -n "$recorded_used" ] || return 0
  revision=$(list_recorded | find_revision)
  # shellcheck disable=SC2034 # the build and the check of its versions read it
  [ "$revision" -eq 1 ] || revision_suffix=+r$revision
  echo "revision $revision of these sources: built with $recorded_used"
}

# Documentation and pipeline are no sources: a commit to them alone needs no new version.
digest_sources() (
  files=$(
    git -c safe.directory='*' ls-files --stage -- . \
      ':(exclude).gitlab-ci.yml' ':(exclude).gitlab' ':(exclude)doc' ':(exclude)docs' \
      ':(exclude,icase)*.md' ':(exclude,icase)*.rst' ':(exclude,icase)*.adoc' \
      ':(exclude,icase,glob)**/README*'
  )
  [ -n "$files" ] || exit 0
  digest=$(printf '%s\n' "$files" "${INSTALL_PREFIX:-}" "${SOURCE_FOLDER:-}" "$@" | sha256sum)
  echo "${digest%% *}"
)

# As in Built-Using of Debian's policy: ying (= 1.1-1~bookworm), yang (= 2.0-1~bookworm)
# What is used may be a name that an installed package provides.
describe_used() (
  [ -n "${used_packages:-}" ] || exit 0
  installed=$(dpkg-query --show --showformat='${Package}\t${Version}\t${db:Status-Status}\t${Provides}\n')
  used=$(
    printf '%s\n' "$installed" | awk -F '\t' -v names="$used_packages" '
      BEGIN { split(names, list, " "); for (each in list) used[list[each]] = 1 }
      $3 != "installed" { next }
      {
        count = split($1 ", " $4, provided, /, */)
        for (each = 1; each <= count; each++) {
          sub(/ .*/, "", provided[each])
          if (provided[each] in used) { print $1 " (= " $2 ")"; next }
        }
      }
    '
  )
  printf '%s\n' "$used" | LC_ALL=C sort | paste -s -d , - | sed 's/,/, /g'
)

# Prints revision, digest of the sources and used packages of each published package, between tabs.
# Only the team's repository has any, but not every image names it where trunkline does. An image may
# keep its indices packed, which apt's own reader knows.
list_recorded() (
  if [ -f "${own_source:?}" ]; then
    set -- --option Dir::Etc::SourceList="$own_source" --option Dir::Etc::SourceParts=/dev/null
  fi
  indices=$(apt-get indextargets "$@" --format '$(FILENAME)' 'Created-By: Packages')
  printf '%s\n' "$indices" | while read -r index; do
    [ ! -e "$index" ] || /usr/lib/apt/apt-helper cat-file "$index"
  done | awk '
    { key = $1; value = $0; sub(/^[^ ]* /, "", value) }
    key == "Trunkline-Sources:" { sources = value }
    key == "Trunkline-Built-With:" { used = value }
    key == "Trunkline-Revision:" { revision = value }
    /^$/ { report() }
    END { report() }
    function report() {
      if (sources != "") print (revision == "" ? 1 : revision) "\t" sources "\t" used
      sources = used = revision = ""
    }
  '
)

# The revision that was built with the same, or the next one; 1 where the sources are new.
find_revision() {
  awk -F '\t' -v sources="$recorded_sources" -v used="$recorded_used" '
    $2 "" != sources "" { next }
    $1 + 0 > last { last = $1 + 0 }
    $3 "" == used "" && $1 + 0 > same { same = $1 + 0 }
    END { print same ? same : last + 1 }
  '
}

# record_build FILE writes that into the control file of a package, and leaves all else as it was built.
record_build() (
  [ -n "${recorded_sources:-}" ] || exit 0
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  dpkg-deb --control "$1" "$scratch/control"
  fields="Trunkline-Sources: $recorded_sources"
  [ -z "$recorded_used" ] || fields="$fields
Trunkline-Built-With: $recorded_used
Trunkline-Revision: ${revision:-1}"
  echo "$fields" >"$scratch/fields"
  sed "/^Package:/r $scratch/fields" "$scratch/control/control" >"$scratch/with-fields"
  cat "$scratch/with-fields" >"$scratch/control/control"
  tar --create --file "$scratch/control.tar" --directory "$scratch/control" --sort=name \
    --format=gnu --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" .
  gzip --best --no-name "$scratch/control.tar"
  replace_control "$1" "$scratch" >"$scratch/package"
  cat "$scratch/package" >"$1"
)

# replace_control FILE FOLDER prints the package with control.tar.gz of the folder.
replace_control() (
  package=$1 folder=$2
  members=$(ar t "$package")
  set --
  for member in $members; do
    case $member in
      control.tar*) member=control.tar.gz ;;
      *) ar p "$package" "$member" >"$folder/$member" ;;
    esac
    set -- "$@" "$member"
  done
  write_package "$folder" "$@"
)
