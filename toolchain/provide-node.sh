#!/bin/sh
# Usage: provide-node.sh <folder>
# Sees that npm ci can run: says in one sentence why it cannot, and installs the Node.js of
# package.json into the folder where the machine's own is too old for some packages.
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

# npm leaves out, without a word, optional packages that want a newer Node.js than it runs under:
# rolldown's programs want ^20.19.0 || >=22.12.0, and vitest needs them.
case $version in
  v20.19.* | v20.[2-9][0-9].* | v22.1[2-9].* | v22.[2-9][0-9].* | v2[4-9].* | v[3-9][0-9].*) exit 0 ;;
esac
wanted=$(node -p 'require("./package.json").devDependencies.node')
echo "npm install node@$wanted (npm ci needs a newer one than $version)" >&2
npm install --prefix "$1" --no-save --no-package-lock --global=false --ignore-scripts=false --loglevel=error "node@$wanted" >&2 ||
  { echo "make: Node.js $wanted could not be installed, as npm says above. See that npm reaches its registry (npm ping)." >&2; exit 1; }
