#!/bin/sh
# Says in one sentence why npm ci cannot begin. Node.js 18 is the oldest that packages were installed
# with; they bring the Node.js that everything else runs on.
set -eu

refuse() {
  echo "make: $1 Install Node.js 18 or newer with npm (Debian 12 and later: apt-get install nodejs npm)." >&2
  exit 1
}

for command in node npm; do
  command -v "$command" >/dev/null || refuse "$command is not on PATH."
done
version=$(node --version)
major=${version#v}
[ "${major%%.*}" -ge 18 ] || refuse "node $version in $(command -v node) is too old."
