# Compares what was built with the tag that releases it. Reads CI_COMMIT_TAG, which is empty on branches,
# RELEASE_TAGS and CODENAME.

check_release_tag() (
  [ -n "${CI_COMMIT_TAG:-}" ] || exit 0
  before=${RELEASE_TAGS%%"*"*} after=${RELEASE_TAGS#*"*"}
  case $CI_COMMIT_TAG in
    "$before"?*"$after") ;;
    *) exit 0 ;;
  esac
  tagged=${CI_COMMIT_TAG#"$before"}
  tagged=${tagged%"$after"}
  case $tagged in
    [0-9]*) ;;
    *) fail "the tag $CI_COMMIT_TAG is no version: $RELEASE_TAGS wants one that begins with a digit in the place of *" ;;
  esac
  while read -r _ _ _ package version _; do
    is_tagged "$tagged" "${version%"~$CODENAME"}" ||
      fail "the tag $CI_COMMIT_TAG says version $tagged, but $package was built as $version: tag the commit that sets this version, or correct the version"
  done <"packages/manifest${BUILD_ARCHITECTURE:+.$BUILD_ARCHITECTURE}"
)

# is_tagged TAGGED VERSION: with or without epoch and revision, spelled as git allows it in a tag, where
# `_` or `-` stand for `~` and `%` for `:` (https://dep-team.pages.debian.net/deps/dep14/).
is_tagged() (
  whole=${2#*:}
  case $whole in
    *-*) upstream=${whole%-*} ;;
    *) upstream=$whole ;;
  esac
  for version in "$2" "$whole" "$upstream"; do
    for tilde in _ -; do
      [ "$1" != "$(printf '%s' "$version" | tr '~:' "$tilde%")" ] || exit 0
    done
  done
  exit 1
)
