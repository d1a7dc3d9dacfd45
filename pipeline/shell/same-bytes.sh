# Gives a source the same packages in every build, since aptly refuses a version that it has with other
# content. Reads GIT_DEPTH, for what it says, and CI_JOB_TOKEN.

# The modes of folders must not be those of the runner's shell.
umask 022

# The date is the last commit's, but one to the pipeline alone changes no package and does not count.
set_build_date() {
  SOURCE_DATE_EPOCH=$(find_build_date)
  export SOURCE_DATE_EPOCH
}

# Git of xenial (2.7) knows --deepen and --is-shallow-repository not yet. The last depth is a whole clone.
find_build_date() (
  for depth in "" 200 2000 2147483647; do
    [ -z "$depth" ] || deepen "$depth"
    found=$(
      own_git log -1 --format='%H %ct' -- . ':(exclude).gitlab-ci.yml' ':(exclude).gitlab'
    )
    [ -n "$found" ] || fail "no commit has anything but the pipeline's files"
    if ! is_cut "${found% *}"; then
      echo "${found#* }"
      exit 0
    fi
  done
  fail "the clone is still too shallow to tell when the source last changed: $depth_advice"
)

# A commit whose parents were not fetched looks as if it had made every file.
is_cut() (
  shallow=$(own_git rev-parse --git-path shallow)
  [ -f "$shallow" ] && grep --quiet --line-regexp "$1" "$shallow"
)

# Where the clone's own address has no credentials any more, git asks for the job's token.
deepen() {
  echo "fetching $1 commits, for the clone is too shallow to tell when the source last changed" >&2
  GIT_TERMINAL_PROMPT=0 own_git -c credential.helper="$job_credentials" \
    fetch --quiet --no-tags --depth="$1" origin "$(own_git rev-parse HEAD)" >&2 ||
    fail "the clone is too shallow to tell when the source last changed, and git fetches no more: $depth_advice"
}

depth_advice="set the variable GIT_DEPTH to 0 (it is ${GIT_DEPTH:-unset})"

# shellcheck disable=SC2016
job_credentials='!f() { echo username=gitlab-ci-token; echo "password=$CI_JOB_TOKEN"; }; f'

own_git() {
  git -c safe.directory='*' "$@"
}

# CPack before 3.13 and dpkg before 1.18.8 date a package by the clock. Such a package is packed again
# with one date, in the order of names.
settle_package() {
  [ "$(head -c 36 "$1" | tail -c 12 | tr -d ' ')" = "$SOURCE_DATE_EPOCH" ] || repack "$1"
}

repack() (
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir "$folder/control" "$folder/data"
  dpkg-deb --ctrl-tarfile "$1" >"$folder/control.tar"
  dpkg-deb --fsys-tarfile "$1" >"$folder/data.tar"
  as_root=
  [ "$(id -u)" -eq 0 ] || ! command -v fakeroot >/dev/null || as_root=fakeroot
  $as_root sh -ec "$repack_archives" repack "$folder"
  echo 2.0 >"$folder/debian-binary"
  write_package "$folder" debian-binary control.tar.gz data.tar.xz >"$folder/package.deb"
  cat "$folder/package.deb" >"$1"
)

# write_package FOLDER MEMBER... prints a package of these files. It is an archive of ar, but ar ends
# the names of its members in a way that dpkg does not.
write_package() (
  cd "$1" || exit
  shift
  echo '!<arch>'
  for member; do
    size=$(wc -c <"$member")
    printf '%-16s%-12s%-6s%-6s%-8s%-10s`\n' "$member" "$SOURCE_DATE_EPOCH" 0 0 100644 "$size"
    cat "$member"
    [ $((size % 2)) -eq 0 ] || echo
  done
)

# Owners other than root hold only for root, real or fake.
# shellcheck disable=SC2016
repack_archives='
  cd "$1"
  [ "$(id -u)" -eq 0 ] || owner="--owner=root --group=root"
  for part in control data; do
    tar --extract --preserve-permissions --file "$part.tar" --directory "$part"
    sums=control/md5sums
    [ ! -f "$sums" ] || LC_ALL=C sort -k 2 -o "$sums" "$sums"
    LC_ALL=C tar --create --format=gnu --sort=name --mtime="@$SOURCE_DATE_EPOCH" \
      ${owner-} --file "$part.tar" --directory "$part" .
  done
  gzip --best --no-name control.tar
  xz data.tar
'
