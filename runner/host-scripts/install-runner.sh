#!/bin/sh
# Installs the package gitlab-runner with apt, unless it is there as wanted.
#
# Usage: install-runner.sh VERSION SOURCE < KEY
#   VERSION  exact version of the package; "" for any
#   SOURCE   "URI SUITE COMPONENT" of the repository that has it; "" when the machine knows one
#   KEY      armoured public key of that repository; nothing without SOURCE
set -eu
umask 022

version=$1
source=$2
helper_images=gitlab-runner-helper-images
keyring=/etc/apt/keyrings/trunkline-runner.asc
list=/etc/apt/sources.list.d/trunkline-runner.list

fail() {
  echo "trunkline: $*" >&2
  exit 1
}

# Puts standard input into a file, never half of it.
replace() {
  cat >"$1.new"
  chmod 0644 "$1.new"
  mv -f "$1.new" "$1"
}

is_wanted() {
  # shellcheck disable=SC2016 # dpkg-query expands these itself
  state=$(dpkg-query -W -f '${db:Status-Status} ${Version}' gitlab-runner 2>/dev/null) || return 1
  case $state in
    "installed ${version:-${state#installed }}") return 0 ;;
    *) return 1 ;;
  esac
}

command -v apt-get >/dev/null || fail "this machine has no apt-get; install gitlab-runner by hand and leave out package"

if [ -n "$source" ]; then
  mkdir -p "${keyring%/*}"
  replace "$keyring"
  [ -s "$keyring" ] || fail "the key of $source is empty"
  echo "deb [signed-by=$keyring] $source" | replace "$list"
fi

if is_wanted; then
  echo "gitlab-runner is there"
  exit 0
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
set -- "gitlab-runner${version:+=$version}"
# Since 17.7 the package wants its helper images in its own version, but apt takes their newest:
# https://docs.gitlab.com/runner/install/linux-repository/
if [ -n "$version" ] && apt-cache madison "$helper_images" | tr -d ' ' | grep -qF "|$version|"; then
  set -- "$@" "$helper_images=$version"
fi
apt-get install -q -y --allow-downgrades "$@"
is_wanted || fail "apt installed another version of gitlab-runner than ${version:-any}"
echo "gitlab-runner was installed"
